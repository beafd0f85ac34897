"""What a posting asks of a candidate: years of experience, education, and publications."""

from __future__ import annotations

import re
from dataclasses import dataclass

from postings.facts.mentions import sentence_at
from postings.facts.stems import Stems, matches_at, matches_near

EDUCATION = ("none", "secondary", "vocational", "associate", "bachelor", "master", "doctorate")
"""From the lowest to the highest; ``none`` where the text states that no degree is needed."""


@dataclass(frozen=True, slots=True)
class Experience:
    """The experience asked.

    Attributes:
        min_years: At least so many years.
        max_years: At most so many years; None where no upper end is stated.
        words: The sentence that says so.
    """

    min_years: int
    max_years: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Education:
    """The lowest education that is accepted.

    Attributes:
        level: One of `EDUCATION`.
        words: The sentence that says so.
    """

    level: str
    words: str


_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten",
        "ein zwei drei vier fünf sechs sieben acht neun zehn",
        "一 二 三 四 五 六 七 八 九 十",
    )
    for number, word in enumerate(words.split(), start=1)
} | {"两": 2, "兩": 2}
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_YEARS = re.compile(
    rf"(?<![\d\w.-])(?:\d\.(?=[1-9]))?(?P<low>{_NUMBER})\s?\+?(?:\s?(?:[-~–—至到]|to|bis)\s?(?P<high>{_NUMBER}))?\s?\+?"
    rf"\s?(?:(?P<de>-?jährige\w?)|years?\b|yrs?\b|(?P<jahre>jahren?)\b|年)(?!\s?(?:old\b|[月度级薪假]|代))"
    rf"|(?<=[一-鿿、，：:\s])(?P<glued>{_NUMBER})\s?(?:[-~–至到]\s?(?P<glued_high>{_NUMBER})\s?)?年(?![月度级薪假代])",
    re.IGNORECASE,
)
_YEARS_STEMS = Stems("year|yr|jahr|jähr|年")
_ABOUT_EXPERIENCE = re.compile(
    r"experience|background|expertise|working (?:as|in|with)|hands[- ]on|erfahrung|praxis|经验|經驗|工作|从事"
    r"|從事|任职",
    re.IGNORECASE,
)
_OF_COMPANY = re.compile(
    r"\b(?:we have|we['’]ve|our|company|firm|agency|startup|founded|combined|collective|(?:the |over "
    r"|for )?(?:past|last)"
    r"|contract|up to|seit|unser\w*|gegründet)\b[^.\n]{0,40}$|成立|深耕|公司.{0,20}$",
    re.IGNORECASE,
)
_PREFERRED_BEFORE = re.compile(
    r"\b(?:ideally|idealerweise|preferabl[ey]|preferred|nice to have|bonus)\b[^\n.]{0,60}$", re.I
)
_PREFERRED_AFTER = re.compile(
    r"^[^\n。；;.]{0,60}(?:\b(?:is|are|would be|as)?\s?(?:a plus|an asset|a bonus|preferred|nice to have"
    r"|desirable|beneficial)"
    r"|von vorteil|wünschenswert)|^[^\n，。；;]{0,24}优先",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"(?:或|or|oder)[^\n。；;.]{0,40}$", re.IGNORECASE)
_NEAR = 90


def experience(text: str) -> Experience | None:
    """Return the years of experience that a text asks for; None where it asks for none.

    Where several are asked for, the longest counts; what is only preferred does not, nor does a company's age.

    >>> experience("3-5年后端开发经验；1年以上Go经验")
    Experience(min_years=3, max_years=5, words='3-5年后端开发经验；')
    >>> experience("A company with 20 years of experience") is None
    True
    """
    best: Experience | None = None
    for found in matches_near(_YEARS, _YEARS_STEMS, text, 12, before=36):
        low, high = (_number(found["low"] or found["glued"]), _number(found["high"] or found["glued_high"]))
        if low is None or low > 30 or (best and low <= best.min_years):
            continue
        before = _clause_before(text, found.start())
        after = _clause_after(text, found.end())
        if not (_ABOUT_EXPERIENCE.search(after) or _ABOUT_EXPERIENCE.search(before[-40:])):
            continue
        if _OF_COMPANY.search(before) or _PREFERRED_BEFORE.search(before) or _PREFERRED_AFTER.search(after):
            continue
        words = sentence_at(text, found.start(), found.end())
        best = Experience(low, high if high and high > low else None, words)
    return best


_EDUCATION = re.compile(
    r"""
      (?P<none>学历不限|不限学历|學歷不拘|no\sdegree\s(?:is\s)?(?:required|needed|necessary))
    | (?P<secondary>(?:高中|中专|中專|中技|高職)(?=.{0,6}(?:学历|學歷|以上|毕业|畢業))
        |\bhigh\sschool\s(?:diploma|degree|education)|\babitur\b|\bmittlere\sreife)
    | (?P<vocational>\b(?:abgeschlossene?\w?|erfolgreich\w*|kaufmännische
        |technische)\s[^.\n]{0,40}?(?:berufs)?ausbildung\b
        |\bausbildung\s(?:als|zum|zur)\b|\bvocational\s(?:training|degree|qualification))
    | (?P<associate>(?:大专|大專|专科|專科|职院)(?=.{0,6}(?:学历|學歷|以上|毕业|畢業|或))
        |(?<=学历[:：])(?:大专|专科)|\bassociate(?:['’]?s)?\sdegree)
    | (?P<bachelor>(?:本科|学士|學士|大学|大學)(?=.{0,4}(?:学历|學歷|以上|学位|學位|毕业|畢業|在读))
        |(?:统招|全日制)本科|学历(?:要求)?[:：]?\s?本科|\bbachelor(?:['’]?s)?\b|\bb\.?\s?sc?\b\.?(?=[\s/,.]*(?:degree|in\b|or\b|/|m))
        |\b(?:university|college|undergraduate|engineering|4-year)\sdegree
        |\b(?:abgeschlossenes|erfolgreich\w*\sabgeschlossenes|absolviertes)\s(?:[\w-]+\s){0,2}?(?:hochschul|fach\w*|universitäts)?studium
        |\b(?:hochschul|universitäts|fachhochschul)(?:studium|abschluss)|\bstudium\s(?:der|des|im|in|mit)\b)
    | (?P<master>(?:硕士|碩士|研究生)(?=.{0,6}(?:学历|學歷|以上|学位|學位|毕业|畢業|在读|或|、|/))
        |\bmaster['’]s?\b(?:\sdegree)?(?=\s(?:degree|in\b|or\b|level|student))|\bmasters\s(?:degree|in)\b|\bmaster\s(?:degree|of\s\w+)
        |\bm\.?\s?sc\b|\bm\.?s\.?(?=\s?(?:degree|in\b|or\b|/\s?(?:ph|b|m\.?[abcs]|other|equivalent)))
        |\b(?:post)?graduate\sdegree|\badvanced\sdegree|\bmasterabschluss)
    | (?P<doctorate>(?:博士)(?=.{0,6}(?:学历|學歷|以上|学位|學位|毕业|畢業|在读|优先|研究生))|\bph\.?\s?d\b\.?
        |\bdoctora(?:te|l\sdegree)
        |\bpromotion\b(?=\s(?:in|im|auf)\b)|\babgeschlossene\spromotion|\bpromoviert)
    | (?P<degree>\bdegree\s(?:in|level)\b|\b(?:relevant|technical)\sdegree)
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What each of its alternatives begins with.
_EDUCATION_STEMS = Stems(
    "学历|學歷|不限学历|高中|中专|中專|中技|高職|大专|大專|专科|專科|职院|本科",
    "学士|學士|大学|大學|统招|全日制|硕士|碩士|研究生|博士",
    "no degree|high school|abitur|mittlere|abgeschlossene|erfolgreich|kaufmännische|technische |ausbildung|vocational",
    "associate|bachelor|bs|b.s|b s|b. s|absolviertes|hochschul|universitäts|fachhochschul|studium ",
    "master|msc|m.s|m sc|m. sc|ms |ms.|ms/|promo|doctora|phd|ph.d|ph d|ph. d|degree in|degree level",
    *(f"{kind} degree" for kind in ("university", "college", "undergraduate", "engineering", "4-year")),
    *(f"{kind} degree" for kind in ("graduate", "postgraduate", "advanced", "relevant", "technical")),
)
_NOT_ASKED = re.compile(r"\b(?:our|team of|with our|led by|founded by|tuition)\b[^.]{0,40}$|创始|带领", re.I)


def education(text: str) -> Education | None:
    """Return the lowest education that a text accepts; None where it states none.

    >>> education("硕士及以上学历，博士优先").level, education("PhD or Master's degree in physics").level
    ('master', 'master')
    """
    found: dict[str, re.Match[str]] = {}
    for match in matches_at(_EDUCATION, _EDUCATION_STEMS, text):
        before, after = _clause_before(text, match.start()), _clause_after(text, match.end())
        level = str(match.lastgroup)
        if _NOT_ASKED.search(text, max(0, match.start() - _NEAR), match.start()) or _PREFERRED_BEFORE.search(before):
            continue
        if level not in found and not _PREFERRED_AFTER.search(after):
            found[level] = match
    if degree := found.pop("degree", None):  # of a level that is not stated
        found = found or {"bachelor": degree}
    if not found:
        return None
    lowest = min(found, key=EDUCATION.index)
    return Education(lowest, sentence_at(text, found[lowest].start(), found[lowest].end()))


_PUBLICATIONS = re.compile(
    r"发表[^\n。；;]{0,20}(?:论文|文章)|(?:论文|論文)[^\n。；;，,]{0,12}(?:发表|發表|成果|录用|收录|优先)"
    r"|(?:顶会|顶刊|顶级会议)[^\n。；;]{0,20}(?:论文|文章|发表)"
    r"|\bpublications? (?:record|history|track)|\b(?:record|history) of (?:\w+ ){0,2}publi(?:cations?|shing)"
    r"|\b(?:strong|relevant|scientific|academic|peer[- ]reviewed|first[- ]author\w*|research|prior"
    r"|top[- ]tier) publications?\b"
    r"|\bpublications? (?:at|in) (?:top|leading|major|premier|relevant|peer|conferences|journals|neurips|icml|cvpr)"
    r"|\bpublished (?:papers|research|articles|(?:at|in) (?:top|leading|major|peer|journals|conferences"
    r"|neurips))|\bexperience [^.\n]{0,40}publication of "
    r"|\bpublikations(?:liste|verzeichnis|erfahrung|leistung)|\b(?:erfahrung|eigene|erste"
    r"|nachgewiesene)\w* (?:[\w-]+ ){0,4}"
    r"(?:publikation|veröffentlichung)en",
    re.IGNORECASE,
)
_PUBLICATION_STEMS = Stems("发表|论文|論文|顶会|顶刊|顶级会议|publi|veröffentlich")
_WRITING = re.compile(r"\b(?:reading|through|read|their|our|your|sharing|erstellung von)\b[^.\n]{0,40}$", re.IGNORECASE)


def publications(text: str) -> str | None:
    """Return the sentence that wants a candidate who has published, if only as an advantage; None without it.

    >>> publications("在顶级会议发表过论文者优先。"), publications("参与论文撰写")
    ('在顶级会议发表过论文者优先。', None)
    """
    for found in matches_near(_PUBLICATIONS, _PUBLICATION_STEMS, text):
        if not _WRITING.search(_clause_before(text, found.start())):
            return sentence_at(text, found.start(), found.end())
    return None


def _number(words: str | None) -> int | None:
    return None if not words else int(words) if words.isdigit() else _NUMBERS.get(words.lower())


def _clause_before(text: str, start: int) -> str:
    return re.split(r"[\n。；;]|\.\s", text[max(0, start - _NEAR) : start])[-1]


def _clause_after(text: str, end: int) -> str:
    return re.split(r"[\n。；;]|\.\s", text[end : end + _NEAR], maxsplit=1)[0]
