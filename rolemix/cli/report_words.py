"""The words of a role-mix report on a terminal, in English and Chinese."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from classifier.quantification.estimand import Estimand
from classifier.taxonomy import Taxonomy
from postings.unit import Unit
from rolemix.analysis.report_records import Report


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a report in one language.

    Attributes:
        columns: The headings of a table.
        moved: What comes before the movers.
        none_moved: What stands where nothing moved.
        open: How many postings are open.
        oldest: What follows the earlier day where it is the oldest that is known.
        unknown: The earlier number where it is not known.
        seen: When a board was last seen whole.
        noise: Said of a share whose change may be none.
        up: Said of one that rose.
        down: Said of one that fell.
        points: The unit of a change of shares.
        colon: What follows a company's name.
        method: What is counted, in a line or two.
        names: The names of focuses and roles, where they are not those of the taxonomy.
    """

    columns: tuple[str, ...]
    moved: str
    none_moved: str
    open: str
    oldest: str
    unknown: str
    seen: str
    noise: str
    up: str
    down: str
    points: str
    colon: str
    method: Callable[[Report], str]
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def name(self, of_it: str) -> str:
        """Return the name of a focus or a role."""
        return self.names.get(of_it, of_it)

    def naming(self, taxonomy: Taxonomy) -> Words:
        """Return these words with the Chinese names of a taxonomy, if they are Chinese."""
        if self is EN:
            return self
        names = {focus.name: focus.zh for focus in taxonomy.focuses} | {role.name: role.zh for role in taxonomy.roles}
        return dataclasses.replace(self, names=names)


_ESTIMANDS = {
    Estimand.BOARD: "the postings on the board",
    Estimand.HIRING: "what the company tends to hire",
}


def _method(result: Report) -> str:
    return (
        f"{result.unit.meaning} Each is counted once, under its tag. Shares are of {_ESTIMANDS[result.estimand]}, with "
        "95 % intervals, and so are shifts, in points; noise: the share may as well not have moved. Each shift is "
        "taken by itself; rolemix shifts tests all together, by batches. How the numbers are made: --details."
    )


_UNITS_ZH = {
    Unit.POSTINGS: "计数单位为职位，每个职位板各计一次",
    Unit.REQUISITIONS: "计数单位为岗位需求，无论列在几个职位板或地点都计一次",
    Unit.PLACES: "计数单位为岗位与地点：列在十个城市计十次",
    Unit.HEADCOUNT: "计数单位为招聘人数：岗位写明几人计几人，未写明计一人",
}
_ESTIMANDS_ZH = {
    Estimand.BOARD: "占比为职位板上职位的占比，95% 区间只含标签误差",
    Estimand.HIRING: "占比为公司招聘倾向的估计，95% 区间含职位数少与标签误差两者",
}


def _method_zh(result: Report) -> str:
    return (
        f"{_UNITS_ZH[result.unit]}，按标签归类。{_ESTIMANDS_ZH[result.estimand]}；变化以百分点计，噪声指变化也可能为零。"
        "各项变化单独判断；rolemix shifts 按批次对一家公司的各项一并检验。数字如何得出：--details。"
    )


EN = Words(
    columns=("focus / role", "now", "before", "share", "95 %", "shift"),
    moved="Moved, each share taken by itself, {days}:",
    none_moved="No focus moved beyond the noise at {compared} of {companies} companies compared, {days}.",
    open="{count} open on {at} ({before} on {then}{oldest})",
    oldest=", the oldest day known",
    unknown="unknown",
    seen="{board}: seen whole {at} UTC",
    noise="noise",
    up="up",
    down="down",
    points="points",
    colon=": ",
    method=_method,
)
ZH = Words(
    columns=("方向 / 角色", "在招", "此前", "占比", "95%", "变化"),
    moved="超出噪声的变化（逐项判断），{days}：",
    none_moved="{companies} 家公司中可比较的 {compared} 家，没有方向的变化超出噪声，{days}。",
    open="{at} 在招 {count} 个（{then} {before} 个{oldest}）",
    oldest="，已知最早的一天",
    unknown="未知",
    seen="{board}：{at} UTC 完整读取",
    noise="噪声",
    up="上升",
    down="下降",
    points="个百分点",
    colon="：",
    method=_method_zh,
)
