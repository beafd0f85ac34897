"""Stubs: what boards send in place of a description, such as "Apply now", a date or a link."""

from __future__ import annotations

import re

LONGEST = 300
"""The length in characters from which on a description is taken as it is."""

_FEWEST = 6
"""A description with fewer letters or Han characters beside stubs is none."""

_PIECE = re.compile(r"[\n\r.!。！;；|,，、]+")

# Fields that say where, when and how, not what; the rest of the piece is the field's value.
_FIELD = re.compile(
    r"[\W_]*(?:岗位类[别型]|职位类[别型]|工作类[别型]|工作性质|招聘类型|用工类型|工作地[点址]?|地[点址]|城市|办公地点|部门|所属部门"
    r"|发布(?:时间|日期)|更新(?:时间|日期)|截止(?:时间|日期)|招聘人数|人数|学历(?:要求)?|经验(?:要求)?|薪[资酬](?:待遇)?|职位编号|岗位编号"
    r"|locations?|standorte?|arbeitsort|department|abteilung|team|date posted|posted(?: on)?|updated|deadline|closing date"
    r"|bewerbungsfrist|job (?:id|type|category|number|ref\w*)|req(?:uisition)?(?: id)?|reference|referenz|kennziffer"
    r"|employment type|contract(?: type)?|anstellungsart|vertragsart|beschäftigungsart|salary|gehalt|start(?:datum)?"
    r"|eintrittsdatum|e-?mail|tel\w*|phone|kontakt|contact|website|url|link)[\W_]*[:：].*",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\b\d[\d\s./:年月日-]*[\d日月]", re.IGNORECASE)
_PHRASE = re.compile(
    r"[\W_]*(?:"
    r"(?:please )?(?:click (?:here )?(?:to )?)?(?:apply|apply (?:now|here|online|today|below|via .{0,40}))"
    r"|(?:please )?(?:see|visit|view|read|check|refer to)\b[^,]{0,60}?(?:details?|descriptions?|website|site|page|more|link|posting|pdf)"
    r"|more (?:details|information)(?: (?:on|at|in)\b.{0,40})?|details? (?:to follow|below|attached)|learn more|read more|show more"
    r"|(?:come )?join (?:us|our (?:\w+ )?team)|we(?:['’]re| are) (?:hiring|growing)|we want you|thank you(?: for your interest)?"
    r"|n/?a|none|null|tb[acd]|to be (?:announced|confirmed|determined)|test|coming soon|no description(?: available)?|job description"
    r"|description|about the (?:job|role)|overview|full[- ]?time|part[- ]?time|contract(?:or)?|intern(?:ship)?|permanent|temporary"
    r"|remote|hybrid|on-?site|immediate(?:ly)?|urgent(?:ly)?(?: hiring)?|multiple locations|worldwide|competitive(?: salary)?"
    r"|(?:jetzt|hier|online|direkt|gleich)? ?bewerben(?: sie sich)?(?: jetzt| hier| online)?|mehr (?:erfahren|infos?|informationen)"
    r"|wir (?:suchen dich|stellen ein|freuen uns auf (?:dich|sie|ihre bewerbung))|werde teil (?:unseres|des) teams|stellenbeschreibung"
    r"|keine beschreibung|vollzeit|teilzeit|unbefristet|befristet|ab sofort|weitere informationen\b.{0,40}|siehe (?:link|anhang|website)"
    r"|(?:立即|马上|点击|在线|欢迎)?(?:投递|申请|应聘|报名)(?:简历|职位)?|欢迎(?:加入(?:我们)?|投递简历|咨询|您的加入)|加入我们|诚聘(?:英才)?|急聘|招聘中|长期有效"
    r"|(?:查看|了解|点击查看)?(?:更多|详情|详细信息)(?:请)?(?:见|看|点击|咨询|联系)?(?:官网|链接|原文|附件|公众号)?|详见.{0,12}|请?(?:见|看)(?:附件|官网|链接|原文)"
    r"|暂无(?:描述|信息|介绍|简介)?|无|略|待定|待补充|面议|薪资面议|职位描述|岗位描述|岗位职责|工作内容|任职要求|职位详情|全职|兼职|实习|校招|社招|远程|不限|若干"
    r")[\W_]*",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def without_stub(description: str) -> str:
    """Return a description, or nothing if all that it says is where, when and how to apply.

    >>> without_stub("Apply now."), without_stub("【岗位类别】：实习/全职"), without_stub("2026-11-01 https://example.org/jobs/1")
    ('', '', '')
    >>> without_stub("Keep the servers running.")
    'Keep the servers running.'

    Args:
        description: A description as the board sends it.
    """
    if len(description) >= LONGEST:
        return description
    pieces = (_LINK.sub("", piece) for piece in _PIECE.split(_LINK.sub("", description)))
    told = "".join(piece for piece in pieces if not _FIELD.fullmatch(piece) and not _PHRASE.fullmatch(piece))
    letters = _LETTER.findall(told)
    return description if len(letters) >= _FEWEST else ""
