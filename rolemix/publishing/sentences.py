"""What moved, in sentences made from the figures alone: the same figures, the same words, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from classifier.taxonomy import Taxonomy
from rolemix.analysis.shifts import CompanyShifts, First, Growth, Shift

MOST_FIRSTS = 8
"""How many firsts have a sentence."""


class Language(StrEnum):
    """The language of sentences."""

    EN = "en"
    ZH = "zh"


def sentences(found: CompanyShifts, taxonomy: Taxonomy, language: Language = Language.EN) -> Iterator[str]:
    """Yield what moved at a company, the most certain first, and what cannot be told.

    Args:
        found: The figures.
        taxonomy: For the names of focuses and roles.
        language: The language.
    """
    names = _names(taxonomy, language)
    moved = [shift for shift in found.shifts if shift.moved]
    yield _head(found, language)
    for shift in moved:
        yield _shift(shift, names, language)
    if not moved:
        yield _nothing(found, language)
    for growth in found.growth:
        if growth.doubled:
            yield _growth(growth, names, language)
    for first in found.firsts[-MOST_FIRSTS:]:
        yield _first(first, names, language)


def _names(taxonomy: Taxonomy, language: Language) -> dict[str, str]:
    if language is Language.EN:
        return {}
    focuses, roles = ({entry.name: entry.zh for entry in entries} for entries in (taxonomy.focuses, taxonomy.roles))
    return focuses | roles


def _head(found: CompanyShifts, language: Language) -> str:
    days = f"{found.since:%Y-%m-%d}", f"{found.until:%Y-%m-%d}"
    if language is Language.ZH:
        return (
            f"{found.company}：{days[0]} 至 {days[1]}，在招职位由 {found.open_before} 个变为 {found.open} 个"
            f"（新增 {found.opened}，关闭 {found.closed}，共 {found.clusters} 批）。"
        )
    return (
        f"{found.company}: {found.open_before} open on {days[0]}, {found.open} on {days[1]} "
        f"({found.opened} opened, {found.closed} closed, in {found.clusters} batches)."
    )


def _shift(shift: Shift, names: dict[str, str], language: Language) -> str:
    name = names.get(shift.name, shift.name)
    figures = f"{shift.before:.0%} → {shift.now:.0%}", f"{100 * shift.low:+.0f} … {100 * shift.high:+.0f}"
    if language is Language.ZH:
        word = "上升" if shift.now > shift.before else "下降"
        return f"{name}占比{word}：{figures[0]}（{figures[1]} 个百分点，p = {shift.p:.2g}）。"
    word = "rose" if shift.now > shift.before else "fell"
    return f"The share of {name} {word}: {figures[0]} ({figures[1]} points, p = {shift.p:.2g})."


def _nothing(found: CompanyShifts, language: Language) -> str:
    tested = [shift for shift in found.shifts if shift.level == "focus" and shift.needed is not None]
    if not tested:
        if language is Language.ZH:
            return f"变动只有 {found.clusters} 批，不足以检验占比的变化。"
        return f"Only {found.clusters} batches came or went: too few to test whether shares moved."
    power = sum(shift.power for shift in tested) / len(tested)
    needed = max(shift.needed or 0 for shift in tested)
    if language is Language.ZH:
        return (
            f"没有占比的变化超出噪声：这样的职位板上，10 个百分点的变化每 100 次只能发现 {100 * power:.0f} 次；"
            f"要有 80% 的把握，大约需要 {needed:,} 个职位。"
        )
    return (
        f"No share moved beyond the noise: a 10-point move would be found {100 * power:.0f} times in 100 on a board "
        f"like this one; about {needed:,} postings are needed for 80 in 100."
    )


def _growth(growth: Growth, names: dict[str, str], language: Language) -> str:
    name = names.get(growth.name, growth.name)
    interval = f"{growth.low:.1f} … {growth.high:.1f}"
    counts = f"{growth.count_before} → {growth.count}"
    if language is Language.ZH:
        return f"{name}的在招职位至少翻倍：{counts}（{growth.ratio:.1f} 倍，{interval}）；职位数不等于人数。"
    figures = f"{counts} (× {growth.ratio:.1f}, {interval})"
    return f"Openings in {name} at least doubled: {figures}; openings are not head-count."


def _first(first: First, names: dict[str, str], language: Language) -> str:
    value = names.get(first.value, first.value)
    if language is Language.ZH:
        before = f"此前 {first.look_back} 天、{first.compared_with} 个职位中都没有"
        return f"{first.opened} 首次出现 {value}（{first.kind}）：{before}。"
    before = f"{first.look_back} days and {first.compared_with} postings without it"
    return f"First {first.kind}: {value}, on {first.opened}, after {before}."
