"""Employment types: a board's field, a line in the text of Chinese postings, or the title, as schema.org values."""

from __future__ import annotations

import re

_INTERN = (
    r"intern(ship)?s?|实习|實習|trainee(ship)?s?|\w{0,15}praktik\w*|werkstudent\w*|working[\s_-]?students?|co-op"
    r"|volont(är\w*|ariat)|stagiaire|becari[oa]|industrial[\s_-]placement|インターン|인턴"
)
_PART_TIME = (
    r"(full\s?/\s?)?part[\s_-]?time|part(?=-?\s?/\s?full)|兼职|兼職|非全日制|工讀生?|teilzeit|mini-?job|geringfügig\w*"
    r"|temps[\s_-]partiel|アルバイト|パート(タイム)?"
)
_TEMPORARY = (
    r"temporary|temp|(\w{0,8}_)?fixed[\s_-]?term|befristet\w*|seasonal|临时|臨時|短期|派遣|約聘\w*|契約社員|zeitarbeit"
    r"|leiharbeit|arbeitnehmerüberlassung|aushilfe\w*|saison\w{0,10}"
)
_CONTRACTOR = (
    r"(?<!term\s)(?<!term_)(?<!permanent\s)contract(or)?s?|freelanc\w*|freiberuf\w*|freie[rn]?\smitarbeit\w*"
    r"|selbst(st)?ändig\w*|外包|合同工|業務委託|业务委托|承攬|c2c|1099"
)
_FULL_TIME = (
    r"full[\s_-]{0,2}(or[\s_-]part[\s_-])?time|full(?=-?\s?/\s?part)|全职|全職|校招|社招"
    r"|应届|應屆|vollzeit|voll-?(?=\s?(?:/|und|oder|bzw\.?)\s?teilzeit)|temps[\s_-]plein|jornada[\s_-]completa"
)
_WORDS = {
    "INTERN": _INTERN,
    "PART_TIME": _PART_TIME,
    "TEMPORARY": _TEMPORARY,
    "CONTRACTOR": _CONTRACTOR,
    "FULL_TIME": _FULL_TIME,
    "OTHER": "其它|其他|other",
}
# "(非外包)", "keine Zeitarbeit": what a posting says that it is not.
_NOT = r"(?<!非)(?<!不是)(?<!无)(?<!拒绝)(?<!no\s)(?<!not\s)(?<!non-)(?<!keine\s)(?<!kein\s)"
# Chinese has no word breaks, so boundaries are checked only where Latin letters could continue a word.
_PATTERNS = tuple(
    (kind, re.compile(rf"(?<![a-zäöü]){_NOT}(?:{words})(?![a-zäöü])", re.IGNORECASE)) for kind, words in _WORDS.items()
)
# These are about duration, not hours: they count as full time only where nothing else is stated.
_PERMANENT = re.compile(
    r"\b(?:permanent|unbefristet|festanstellung|feste?\sanstellung|cdi\b)|正式(?:员工|工|编|員工)|正職|正编|正社員|정규직",
    re.IGNORECASE,
)

_KIND_WORDS = ("岗位类别", "岗位类型", "工作性质", "招聘类型", "招聘方向")
_KIND_LINE = re.compile(
    r"(?:岗位类别|岗位类型|工作性质|招聘类型)\s{0,2}[】\]]?\s{0,2}[:：]\s{0,2}(?P<label>[^\n。；]{2,20})"
    r"|招聘方向\s{0,2}【(?P<direction>[^】\n]{2,20})】"
)

# "Contract Manager" manages contracts: outside brackets only the plain words count.
_IN_TITLE = re.compile(
    r"(?P<words>实习|實習|全职|全職|(?<!非)兼职|(?<!非)兼職|正職|工讀生|校招|社招|インターン"
    r"|\b(?:interns?|internships?|co-op|trainee|werkstudent\w*|working\sstudent|\w{0,15}praktik(?:um|ant)\w*"
    r"|volont(?:är\w*|ariat)|(?:full-?\s?/\s?)?part[\s-]?time|(?:part-?\s?/\s?)?full[\s-]?time|freelance(?:r|rin)?|seasonal"
    r"|(?:voll-\s?(?:/|und|oder)\s?)?teilzeit|vollzeit|(?:un)?befristet|festanstellung)\b"
    # "Team Lead, Contract", "Engineer 1099 Contractor"
    r"|(?<=[,–|-]\s)(?:contract|temporary)(?=\s*$)|\bcontractor(?=\s*$))"
    r"|[(（\[【](?P<bracketed>[^()（）\[\]【】]{2,40})[)）\]】]",
    re.IGNORECASE,
)
_LEARNERS = (
    r"(?:intern(?:ship)?s?|trainee(?:ship)?s?|working[\s-]student|\w{0,15}praktik(?:um|ant|a)\w*|werkstudent\w*)"
)
_CARES_FOR = (
    r"(?:program\w*|recruit\w*|hiring|coordinat\w*|relations|engagement|supervis\w*|mentor\w*|experience|talent)"
)
_OFFICER = (
    r"(?:manager\w*|lead\w*|head|coordinator|director|specialist|partner|recruiter|advisor|administrator|supervisor"
    r"|mentor|officer)"
)
_HEAD = r"(?:head|director|manager\w*|lead\w*|vp|vice\spresident|coordinator|chief|owner|supervisor)"
# Who recruits, teaches or leads interns is none: the words for them belong to the title's head, not to its holder.
_FOR_OTHERS = re.compile(
    rf"\b{_LEARNERS}(?:\s(?:&|and)\s[\w-]+|\s[\w-]+)?\s{_CARES_FOR}(?:\s[\w&-]+){{0,2}}\s{_OFFICER}\b"
    rf"|\b{_LEARNERS}\s(?:coordinator|recruiter|supervisor|mentor)\b"
    rf"|\b{_HEAD}\s(?:of|for|von|für)\s(?:[\w&-]+\s){{0,3}}{_LEARNERS}\b"
    rf"|\b{_HEAD}\s?[,-]\s?(?:[\w&-]+\s){{0,2}}{_LEARNERS}\s{_CARES_FOR}"
    rf"|\b(?:recruiter\w*|koordinat\w*|betreu\w*|leiter\w*|leitung)\b[^,|(]{{0,30}}{_LEARNERS}"
    r"|\b(?:praktikant|werkstudent)\w{0,3}[\s-]?(?:betreu|programm|koordin|recruit)\w*"
    r"|(?:实习生?|實習生?|兼[职職]|[校社]招)(?:[&、和与]\w{1,4})?(?:招聘|招募|管理|培养|培養|培训|項目|项目|关系)[^\s,，(（/|-]{0,6}"
    r"(?:经理|經理|主管|专员|專員|专家|专家|负责人|負責人|总监|顾问|岗|官|HR\w*)"
    r"|[校社]招(?:经理|主管|专员|专家|负责人|HR\w*)"
    r"|招聘[^(（]{0,8}(?:经理|主管|专员|专家|负责人)[(（][^)）]{0,8}实习[^)）]{0,4}[)）]"
    r"|\b(?:full|part)[\s-]time\s(?:parent|mother|father|mom|dad|mba|student|degree|carer|caregiver)\w*",
    re.IGNORECASE,
)


# "(应届本科生也可以)" says who may apply, not for which kind of employment.
_GRADUATES = re.compile(r"[应應][届屆]\S{0,5}(?:可|优先|優先|亦|也|欢迎)\S{0,3}")


def employment_types(words: str | None) -> tuple[str, ...]:
    """Return the schema.org employment types that a text names, each once, in a fixed order.

    >>> employment_types("实习/全职")
    ('FULL_TIME', 'INTERN')
    >>> employment_types("Regular Full Time (Salary)")
    ('FULL_TIME',)
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words or "")
    kinds = {kind for kind, pattern in _PATTERNS if pattern.search(spaced)}
    if not kinds and _PERMANENT.search(spaced):
        kinds = {"FULL_TIME"}
    return tuple(sorted(kinds))


def most_specific(*texts: str | None) -> str | None:
    """Return the first text that names an employment type, else the first that calls it other, else the first.

    >>> most_specific("Other", "Intern"), most_specific("Band 7", None)
    ('Intern', 'Band 7')
    """

    def specificity(text: str) -> int:
        kinds = set(employment_types(text))
        return bool(kinds) + bool(kinds - {"OTHER"})

    return max(filter(None, texts), key=specificity, default=None)


def kind_line(description: str) -> str | None:
    """Return the employment type that a line of a Chinese posting's text names, e.g. ``实习/全职``; None without it.

    DeepSeek writes 【岗位类别】：实习/全职 or 招聘方向【全职】 into the text while its board's field is 全职 for all
    postings (both forms are in recorded responses), so the text is more reliable.
    """
    found = _KIND_LINE.search(description) if any(words in description for words in _KIND_WORDS) else None
    if not found:
        return None
    words = (found["label"] or found["direction"]).strip()
    return words if employment_types(words) else None


def kind_in_title(title: str) -> str | None:
    """Return the words of a title that name the employment type of its holder; None where it names none.

    >>> kind_in_title("Editor (Contract)"), kind_in_title("Contract Manager"), kind_in_title("Head of Internships")
    ('Contract', None, None)
    """
    own = without_work_for_learners(title)
    found = (_GRADUATES.sub("", match[match.lastgroup or 0]) for match in _IN_TITLE.finditer(own))
    return " / ".join(dict.fromkeys(words.strip() for words in found if employment_types(words))) or None


def without_work_for_learners(title: str) -> str:
    """Return a title without its words for interns, students or parents that somebody else is hired for."""
    return _FOR_OTHERS.sub(" ", title)
