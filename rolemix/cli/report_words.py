"""The words of reports on a terminal and in Markdown, in English and Chinese."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from classifier.quantification.estimand import Estimand
from classifier.taxonomy import Taxonomy
from postings.unit import Unit
from rolemix.analysis.breakdown import ESTIMATES, Breakdown
from rolemix.analysis.report_records import BoardEvidence, Report
from rolemix.analysis.series import COUNTS, Series


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of reports in one language.

    Attributes:
        columns: The headings of a mix: focus or role, now, before, share, interval, shift.
        fact_columns: The headings of what postings state: now, before, share, interval, change, roles.
        series_columns: The headings over time: open, new, gone; focus, share, interval.
        title: The heading of a mix in Markdown.
        fact_title: The heading of a breakdown in Markdown.
        moved: What comes before the movers.
        none_moved: What stands where nothing moved.
        open: How many postings are open.
        stated: How many of them state a value.
        more: How many values are not shown.
        other_columns: That some focuses or values are not shown over time.
        oldest: What follows the earlier day where it is the oldest that is known.
        unknown: The earlier number where it is not known.
        nothing_before: That no company was known earlier.
        gap: Stands for the number of a period that is not complete.
        seen: When a board was last seen whole.
        evidence: How well a board is known, in one sentence.
        noise: Said of a share whose change may be none.
        up: Said of one that rose.
        down: Said of one that fell.
        points: The unit of a change of shares.
        colon: What follows a company's name.
        method: What a mix counts, in a line or two.
        method_in_full: The same, complete.
        fact_method: What a breakdown counts, in a line or two.
        fact_method_in_full: The same, complete.
        series_method: What a series counts, in a line or two.
        series_method_in_full: The same, complete.
        names: The names of focuses, roles, facts and periods, where they are not those in the data.
    """

    columns: tuple[str, ...]
    fact_columns: tuple[str, ...]
    series_columns: tuple[str, ...]
    title: str
    fact_title: str
    moved: str
    none_moved: str
    open: str
    stated: str
    more: str
    other_columns: str
    oldest: str
    unknown: str
    nothing_before: str
    gap: str
    seen: str
    evidence: Callable[[BoardEvidence], str]
    noise: str
    up: str
    down: str
    points: str
    colon: str
    method: Callable[[Report], str]
    method_in_full: Callable[[Report], str]
    fact_method: Callable[[Breakdown], str]
    fact_method_in_full: Callable[[Breakdown], str]
    series_method: Callable[[Series], str]
    series_method_in_full: Callable[[Series], str]
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def name(self, of_it: str) -> str:
        """Return the name of a focus, a role, a fact or a period."""
        return self.names.get(of_it, of_it)

    def naming(self, taxonomy: Taxonomy) -> Words:
        """Return these words with the Chinese names of a taxonomy, if they are Chinese."""
        if self is EN:
            return self
        names = {focus.name: focus.zh for focus in taxonomy.focuses} | {role.name: role.zh for role in taxonomy.roles}
        return dataclasses.replace(self, names={**self.names, **names})


_UNITS = {
    Unit.POSTINGS: "Postings, on each board that lists them",
    Unit.REQUISITIONS: "Jobs, however many boards and places list them",
    Unit.PLACES: "Jobs in each of their places",
    Unit.HEADCOUNT: "People to be hired",
}
_ESTIMANDS = {
    Estimand.BOARD: "the postings on the board",
    Estimand.HIRING: "what the company tends to hire",
}
_MORE = "How the numbers are made: --details."


def _method(result: Report) -> str:
    return (
        f"{_UNITS[result.unit]}, are counted once, under their tag. Shares correct the tagger's known errors and are "
        f"of {_ESTIMANDS[result.estimand]}, with 95 % intervals. Shifts are in points; noise: there may be "
        f"none. Each by itself; rolemix shifts tests all together. {_MORE}"
    )


def _method_in_full(result: Report) -> str:
    return f"{result.counts} {result.estimand.meaning} Tagger {result.model}, taxonomy {result.taxonomy}; days are UTC."


def _fact_method(result: Breakdown) -> str:
    note = f" {result.note}" if result.note else ""
    return (
        f"{_UNITS[result.unit]}, count for each value that they state. Shares are of all that are open, with 95 % "
        f"intervals.{note} {_MORE}"
    )


def _fact_method_in_full(result: Breakdown) -> str:
    note = f" {result.note}" if result.note else ""
    return f"{result.counts} {ESTIMATES}{note} Tagger {result.model}, taxonomy {result.taxonomy}; days are UTC."


def _series_method(result: Series) -> str:
    shares = _ESTIMANDS[result.estimand] if result.of == "role" else "all that was open"
    return (
        f"Postings open at the end of a period, new and gone in it; gap: not all boards were seen whole. Shares are of "
        f"{shares}, with 95 % intervals. {_MORE}{_groups(result)}"
    )


def _series_method_in_full(result: Series) -> str:
    shares = result.estimand.meaning if result.of == "role" else "Shares are of all that was open."
    return f"{COUNTS} {shares} Tagger {result.model} in every period.{_groups(result)}"


def _groups(result: Series) -> str:
    return "".join(f" {name} is {', '.join(of_it)}." for name, of_it in result.groups.items())


def _evidence(board: BoardEvidence) -> str:
    whole = f"last seen whole {board.seen_whole:%Y-%m-%d %H:%M} UTC" if board.seen_whole else "never seen whole"
    redirects = f"; {board.redirects} only redirect, not counted" if board.redirects else ""
    redirects += f"; {board.no_openings} offer no opening, not counted" if board.no_openings else ""
    held = f"; {board.held}" if board.held else ""
    return f"{board.url}: {whole}; last run {board.verdict} ({board.reason}){redirects}{held}"


_UNITS_ZH = {
    Unit.POSTINGS: "计数单位为职位，每个职位板各计一次",
    Unit.REQUISITIONS: "计数单位为岗位需求，无论列在几个职位板或地点都计一次",
    Unit.PLACES: "计数单位为岗位与地点：列在十个城市计十次",
    Unit.HEADCOUNT: "计数单位为招聘人数：岗位写明几人计几人，未写明计一人",
}
_ESTIMANDS_ZH = {
    Estimand.BOARD: "占比为职位板上职位的占比，已按标签器的已知误差校正，95% 区间只含标签误差",
    Estimand.HIRING: "占比为公司招聘倾向的估计，已按标签器的已知误差校正，95% 区间含职位数少与标签误差两者",
}
_MORE_ZH = "数字如何得出：--details。"
_VERDICTS_ZH = {
    "complete": "完整",
    "unchanged": "未变",
    "incomplete": "不完整",
    "blocked": "被拒",
    "failed": "失败",
    "gone": "已消失",
}


def _method_zh(result: Report) -> str:
    return (
        f"{_UNITS_ZH[result.unit]}，按标签归类。{_ESTIMANDS_ZH[result.estimand]}；变化以百分点计，噪声指变化也可能为零。"
        f"各项单独判断；rolemix shifts 按批次一并检验。{_MORE_ZH}"
    )


def _made_zh(result: Report | Breakdown) -> str:
    return f"标签器 {result.model}，分类体系 {result.taxonomy}；日期均为 UTC。"


def _method_in_full_zh(result: Report) -> str:
    return (
        f"{_UNITS_ZH[result.unit]}，每个只归入标签器给出的角色；只转到别处的职位与并非招聘的职位不计。"
        f"{_ESTIMANDS_ZH[result.estimand]}；变化以百分点计，逐项判断。{_made_zh(result)}"
    )


def _fact_method_zh(result: Breakdown) -> str:
    note = f"{result.note} " if result.note else ""
    return f"{_UNITS_ZH[result.unit]}，写明几个值就各计一次。占比以全部在招职位为分母，带 95% 区间。{note}{_MORE_ZH}"


def _fact_method_in_full_zh(result: Breakdown) -> str:
    note = f"{result.note} " if result.note else ""
    return (
        f"{_UNITS_ZH[result.unit]}；每行计写明该值的职位，写明几个值就各计一次。占比以全部在招职位为分母，"
        f"95% 区间（Jeffreys）针对公司的招聘倾向，视各职位为独立抽取：成批发布的职位使区间偏窄，读取错误不在其内。"
        f"{note}{_made_zh(result)}"
    )


def _series_shares_zh(result: Series) -> str:
    return _ESTIMANDS_ZH[result.estimand] if result.of == "role" else "占比以全部在招职位为分母，带 95% 区间"


def _series_method_zh(result: Series) -> str:
    return (
        f"在招为期末职位数，新增与关闭在期内；缺口指并非所有职位板都完整读取。{_series_shares_zh(result)}。"
        f"{_MORE_ZH}{_groups_zh(result)}"
    )


def _series_method_in_full_zh(result: Series) -> str:
    return (
        "计数单位为职位：期内最后一次完整读取该公司所有职位板时在招的职位，以及期内新增与关闭的职位。没有这样一次读取的"
        "时段不完整、没有数字：是缺口而不是零。职位板首次读取时已在招的职位不算当时新增。"
        f"{_series_shares_zh(result)}。各时段均用标签器 {result.model}。{_groups_zh(result)}"
    )


def _groups_zh(result: Series) -> str:
    return "".join(f"{name} 指 {'、'.join(of_it)}。" for name, of_it in result.groups.items())


def _evidence_zh(board: BoardEvidence) -> str:
    whole = f"于 {board.seen_whole:%Y-%m-%d %H:%M} UTC 完整读取" if board.seen_whole else "从未完整读取"
    redirects = f"；{board.redirects} 个只转到别处，不计" if board.redirects else ""
    redirects += f"；{board.no_openings} 个并非招聘，不计" if board.no_openings else ""
    held = f"；{board.held}" if board.held else ""
    return f"{board.url} {whole}；上次读取{_VERDICTS_ZH[board.verdict]}（{board.reason}）{redirects}{held}"


EN = Words(
    columns=("focus / role", "now", "before", "share", "95 %", "shift"),
    fact_columns=("now", "before", "share", "95 %", "change", "mostly"),
    series_columns=("open", "new", "gone", "focus", "share", "95 %"),
    title="Role mix on {at}, against {before}",
    fact_title="Open postings by {by} on {at}",
    moved="Moved, each share taken by itself, {days}:",
    none_moved="No focus moved beyond the noise at {compared} of {companies} companies compared, {days}.",
    open="{count} open on {at} ({before} on {then}{oldest})",
    stated=", {stated} of them state {by}",
    more="and {more} more values: --format csv has all",
    other_columns="Shown are {shown} of {all}: --format csv has all. ",
    oldest=", the oldest day known",
    unknown="unknown",
    nothing_before="No company's boards had all been seen whole before {at}, nor by {before}. ",
    gap="gap",
    seen="{board}: seen whole {at} UTC",
    evidence=_evidence,
    noise="noise",
    up="up",
    down="down",
    points="points",
    colon=": ",
    method=_method,
    method_in_full=_method_in_full,
    fact_method=_fact_method,
    fact_method_in_full=_fact_method_in_full,
    series_method=_series_method,
    series_method_in_full=_series_method_in_full,
)
ZH = Words(
    columns=("方向 / 角色", "在招", "此前", "占比", "95%", "变化"),
    fact_columns=("在招", "此前", "占比", "95%", "增减", "主要角色"),
    series_columns=("在招", "新增", "关闭", "方向", "占比", "95%"),
    title="{at} 的角色构成，与 {before} 比较",
    fact_title="{at} 在招职位，按{by}",
    moved="超出噪声的变化（逐项判断），{days}：",
    none_moved="{companies} 家公司中可比较的 {compared} 家，没有方向的变化超出噪声，{days}。",
    open="{at} 在招 {count} 个（{then} {before} 个{oldest}）",
    stated="，其中 {stated} 个写明{by}",
    more="另有 {more} 个值：--format csv 有全部",
    other_columns="列出 {all} 项中的 {shown} 项：--format csv 有全部。",
    oldest="，已知最早的一天",
    unknown="未知",
    nothing_before="{at} 之前没有任何公司的职位板全部完整读取过，{before} 也没有。",
    gap="缺口",
    seen="{board} 于 {at} UTC 完整读取",
    evidence=_evidence_zh,
    noise="噪声",
    up="上升",
    down="下降",
    points="个百分点",
    colon="：",
    method=_method_zh,
    method_in_full=_method_in_full_zh,
    fact_method=_fact_method_zh,
    fact_method_in_full=_fact_method_in_full_zh,
    series_method=_series_method_zh,
    series_method_in_full=_series_method_in_full_zh,
    names={
        "day": "日",
        "week": "周",
        "month": "月",
        "quarter": "季度",
        "country": "国家",
        "region": "省州",
        "city": "城市",
        "county": "区县",
        "place": "地点",
        "work_model": "办公方式",
        "remote_limit": "远程限于",
        "pay": "年薪",
        "pay_period": "计薪周期",
        "pay_min": "最低薪资",
        "pay_max": "最高薪资",
        "pay_months": "薪资月数",
        "employment_type": "用工形式",
        "intake": "招聘类型",
        "seniority": "级别",
        "experience": "经验",
        "education": "学历",
        "publications": "论文",
        "urgent": "急聘",
        "head_count": "招聘人数",
        "deadline": "截止日期",
        "language_wanted": "语言要求",
        "language": "语种",
        "technology": "技术",
        "domain": "领域",
        "unit": "团队",
        "no_opening": "并非招聘",
    },
)
