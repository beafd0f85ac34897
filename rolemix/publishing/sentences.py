"""What moved, in sentences made from the figures alone: the same figures, the same words, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from classifier.taxonomy import Taxonomy
from rolemix.analysis.differences import CompanyDifference
from rolemix.analysis.flows import CompanyFlows, FlowChange, LengthOfStay
from rolemix.analysis.shifts import CompanyShifts, First, Growth, Shift, p_in_words

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
    if not moved and found.known_until is None:
        yield _nothing(found, names, language)
    for growth in found.growth:
        if growth.doubled:
            yield _growth(growth, names, language)
    for first in found.firsts[-MOST_FIRSTS:]:
        yield _first(first, names, language)
    for change in found.flows.changes:
        yield _flow_change(change, language)
    yield _stays(found.flows, names, language)


def difference_sentences(
    found: CompanyDifference, taxonomy: Taxonomy, language: Language = Language.EN
) -> Iterator[str]:
    """Yield how a company's mix differs from another's, the most certain first.

    Args:
        found: The figures.
        taxonomy: For the names of focuses and roles.
        language: The language.
    """
    names = _names(taxonomy, language)
    day = f"{found.at:%Y-%m-%d}"
    group = f" ({', '.join(found.companies)})" if found.companies != (found.other,) else ""
    if language is Language.ZH:
        yield f"{found.company} 与 {found.other}{group}：{day} 在招职位 {found.open} 个对 {found.open_other} 个。"
    else:
        counts = f"{found.open} postings against {found.open_other}"
        yield f"{found.company} against {found.other}{group} on {day}: {counts}."
    moved = [shift for shift in found.shifts if shift.moved]
    for shift in moved:
        name = names.get(shift.name, shift.name)
        shares = f"{shift.now:.0%}", f"{shift.before:.0%}"
        points = f"{100 * shift.low:+.0f} … {100 * shift.high:+.0f}"
        if language is Language.ZH:
            word = "更大" if shift.now > shift.before else "更小"
            yield f"{name}占比{word}：{shares[0]} 对 {shares[1]}（{points} 个百分点，{p_in_words(shift.p)}）。"
        else:
            word = "larger" if shift.now > shift.before else "smaller"
            figures = f"{shares[0]} against {shares[1]} ({points} points, {p_in_words(shift.p)})"
            yield f"Its share of {name} is {word}: {figures}."
    if not moved:
        yield _no_difference(found, language)


def _no_difference(found: CompanyDifference, language: Language) -> str:
    tested = [shift for shift in found.shifts if shift.level == "focus" and shift.needed is not None]
    if not tested:
        if language is Language.ZH:
            return "职位太少，不足以检验占比的差异。"
        return "Too few postings to test whether shares differ."
    power = sum(shift.power for shift in tested) / len(tested)
    if language is Language.ZH:
        return f"没有占比的差异超出噪声：这样的两个职位板上，10 个百分点的差异每 100 次只能发现 {100 * power:.0f} 次。"
    return (
        f"No share differs beyond the noise: a 10-point difference would be found {100 * power:.0f} times in 100 on "
        "boards like these."
    )


def _names(taxonomy: Taxonomy, language: Language) -> dict[str, str]:
    if language is Language.EN:
        return {}
    focuses, roles = ({entry.name: entry.zh for entry in entries} for entries in (taxonomy.focuses, taxonomy.roles))
    return focuses | roles


def _head(found: CompanyShifts, language: Language) -> str:
    if found.known_until:
        day = f"{found.known_until:%Y-%m-%d}"
        if language is Language.ZH:
            return f"{found.company}：{day} 之后的情况未知；当时在招 {found.open} 个职位。"
        return f"{found.company}: not known since {day}, when {found.open} postings were open."
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
        return f"{name}占比{word}：{figures[0]}（{figures[1]} 个百分点，{p_in_words(shift.p)}）。"
    word = "rose" if shift.now > shift.before else "fell"
    return f"The share of {name} {word}: {figures[0]} ({figures[1]} points, {p_in_words(shift.p)})."


def _nothing(found: CompanyShifts, names: dict[str, str], language: Language) -> str:
    tested = [shift for shift in found.shifts if shift.level == "focus" and shift.needed is not None]
    if not tested:
        if language is Language.ZH:
            return f"变动只有 {found.clusters} 批，不足以检验占比的变化。"
        return f"Only {found.clusters} batches came or went: too few to test whether shares moved."
    power = sum(shift.power for shift in tested) / len(tested)
    needed = max(shift.needed or 0 for shift in tested)
    nearest = _nearest(found, names, language)
    if language is Language.ZH:
        return (
            f"没有占比的变化超出噪声：这样的职位板上，10 个百分点的变化每 100 次只能发现 {100 * power:.0f} 次；"
            f"要有 80% 的把握，大约需要 {needed:,} 个职位。{nearest}"
        )
    return (
        f"No share moved beyond the noise: a 10-point move would be found {100 * power:.0f} times in 100 on a board "
        f"like this one; about {needed:,} postings are needed for 80 in 100.{nearest}"
    )


def _nearest(found: CompanyShifts, names: dict[str, str], language: Language) -> str:
    """Return which share comes nearest to having moved: one that would have, were it the only one looked at."""
    alone = [shift for shift in found.shifts if shift.low > 0 or shift.high < 0]
    if not alone:
        return ""
    shift = min(alone, key=lambda one: (one.p if one.p is not None else 1.0, one.level != "focus", one.name))
    name = names.get(shift.name, shift.name)
    shares = f"{shift.before:.0%} → {shift.now:.0%}"
    points = f"{100 * shift.low:+.0f} … {100 * shift.high:+.0f}"
    looked = len(found.shifts)
    if language is Language.ZH:
        return f"最接近的是{name}：{shares}（单看为 {points} 个百分点，在 {looked} 项中 {p_in_words(shift.p)}）。"
    return f" Nearest is {name}: {shares} ({points} points by itself, {p_in_words(shift.p)} among all {looked})."


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


def _flow_change(change: FlowChange, language: Language) -> str:
    rates = f"{change.before:.1f} → {change.after:.1f}"
    when = f"{change.low} … {change.high}"
    if language is Language.ZH:
        what = "新增" if change.flow == "opened" else "关闭"
        return f"每周{what}职位自 {change.week} 那周起变化：{rates} 个（{when}，{p_in_words(change.p)}）。"
    what = "Openings" if change.flow == "opened" else "Closings"
    return f"{what} a week changed in the week of {change.week}: {rates} ({when}, {p_in_words(change.p)})."


def _stays(flows: CompanyFlows, names: dict[str, str], language: Language) -> str:
    [whole] = flows.stays[:1]
    parts = [
        f"{names.get(one.focus or '', one.focus)} {_days(one)}" for one in flows.stays[1:] if one.median is not None
    ]
    if language is Language.ZH:
        left_out = f"；另有 {flows.of_unknown_age} 个不知何时发布，未计入" if flows.of_unknown_age else ""
        rests = (
            f"{whole.stays} 个职位中 {whole.ended} 个已关闭，重新发布的 {flows.reposts} 个与原职位合计一次{left_out}"
        )
        if whole.median is None:
            return f"职位在招多久尚无法判断：{rests}。"
        by_focus = f"按方向：{'；'.join(parts)}。" if parts else ""
        return f"半数职位在招 {_days(whole)} 天（{rests}）。{by_focus}"
    left_out = f"; {flows.of_unknown_age} of unknown age are left out" if flows.of_unknown_age else ""
    rests = f"{whole.ended} of {whole.stays} ended, {flows.reposts} reposts count with what they repeat{left_out}"
    if whole.median is None:
        return f"How long openings stay open cannot be told yet: {rests}."
    by_focus = f" By focus: {'; '.join(parts)}." if parts else ""
    return f"Half of the openings stay open for {_days(whole)} days ({rests}).{by_focus}"


def _days(one: LengthOfStay) -> str:
    low = "0" if one.low is None else f"{one.low:.0f}"
    high = "…" if one.high is None else f"… {one.high:.0f}"
    return f"{one.median:.0f} [{low} {high}]"
