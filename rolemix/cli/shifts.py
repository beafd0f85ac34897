"""``rolemix shifts``: what moved between two dates, with the evidence, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import draw, out
from rolemix.publishing.render import Format, as_csv, as_json, markdown, plain

if TYPE_CHECKING:
    from classifier.taxonomy import Taxonomy
    from rolemix.analysis.differences import CompanyDifference
    from rolemix.analysis.shifts import CompanyShifts, Evidence
    from rolemix.publishing.sentences import Language

COLUMNS = (
    *("company", "since", "until", "level", "name", "count_before", "count", "before", "now", "low", "high"),
    *("p", "up", "moved", "power", "needed"),
)
OTHER_COLUMNS = ("company", "other", "at", "level", "name", "count_before", "count", "before", "now", *COLUMNS[9:])
"""The columns of a comparison of companies; ``before`` is of the other one."""
METHOD = (
    "Shares are of tags under one model; intervals and p-values are of what the company tends to hire, with batches "
    "(family of titles, team, week) as units, corrected for all focuses and roles that were looked at. A share moved "
    "if p is at most {level:.2g}."
)
WEEKLY = (
    " This is the level of one of 52 weekly looks, in all of which together fewer than one in twenty companies whose "
    "mix does not change alarm."
)
METHOD_ZH = (
    "占比按同一模型的标签计算；区间与 p 值针对公司的招聘倾向，"
    "以批次（职位族、团队、周）为单位，并对所有比较过的方向与角色作了校正。p 不超过 {level:.2g} 才算变化。"
)
WEEKLY_ZH = "这是一年 52 次每周查看中一次的水平：全年合计，结构不变的公司误报的不到二十分之一。"


def shifts(
    companies: Annotated[
        list[str] | None, typer.Argument(help="Only these companies; all if none is given.", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    since: Annotated[
        str, typer.Option(help="The first day (UTC), if not a quarter before the second.", show_default=False)
    ] = "",
    until: Annotated[
        str, typer.Option(help="The second day (UTC), if not that of the newest run.", show_default=False)
    ] = "",
    versus: Annotated[
        list[str] | None,
        typer.Option(help="Compare with this company on the second day, not with an earlier day.", show_default=False),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(help="Compare with this group of companies (watchlist.toml) as one.", show_default=False),
    ] = None,
    weekly: Annotated[
        bool, typer.Option("--weekly", help="You look every week: spend the false alarms of a year over its looks.")
    ] = False,
    lang: options.Language = "en",
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Print what moved at each company between two days: shares, growth, firsts, and what is not known.

    A share moved if chance and batches of openings explain it in fewer than
    one of twenty companies, in this one look; with --weekly, within a year
    of weekly looks. Where nothing moved, the chance to find a move of
    ten points on such a board is printed. CSV holds every share that was
    looked at.
    """
    from rolemix.analysis import openings
    from rolemix.cli import runs
    from rolemix.publishing.sentences import Language

    language = Language(options.language(lang))
    start = options.moment(since, option="--since", end_of_day=True)
    end = options.moment(until, option="--until", end_of_day=True)
    groups = {name: api.load_group(name) for name in group or ()}
    others = {name: [name] for name in versus or ()} | groups
    if others and not companies:
        raise RolemixError("--versus and --group compare companies: name at least one, as in `rolemix shifts DeepSeek`")
    if others and since:
        raise RolemixError("--versus and --group compare companies on one day: leave --since out")
    with api.open_store(db, existing=True) as store:
        openings.require_companies(store, [*(companies or ()), *(versus or ())], groups)
        runs.read_facts(store)
        tagger = runs.tag(store, model)
        found: Sequence[CompanyShifts | CompanyDifference] = (
            api.differences(store, companies or (), others, at=end, model=tagger)
            if others
            else api.shifts(store, companies or (), since=start, until=end, weekly=weekly, model=tagger)
        )
    taxonomy = tagger.info.taxonomy
    method = _method(language, weekly=weekly)
    match form:
        case Format.TABLE:
            draw(*_parts(found, taxonomy, language, method))
        case Format.MD:
            out(_markdown(found, taxonomy, language, method))
        case Format.CSV:
            columns = OTHER_COLUMNS if others else COLUMNS
            out(as_csv([row for one in found for row in _rows(one, columns)], columns))
        case Format.JSON:
            told = [one.to_dict() | {"sentences": _told(one, taxonomy, language)} for one in found]
            out(as_json({"method": method, "model": tagger.info.name, "companies": told}))


def _parts(
    found: Sequence[CompanyShifts | CompanyDifference], taxonomy: Taxonomy, language: Language, method: str
) -> Iterator[RenderableType]:
    for one in found:
        told = _told(one, taxonomy, language)
        yield Text(plain(told[0]), style="bold")
        for sentence in told[1:]:
            yield Text(f"  {plain(sentence)}")
        for evidence in _evidence(one):
            yield Text(f"    {evidence.opened} {plain(evidence.title)} {plain(evidence.url)}", style="dim")
        for unknown in one.unknown:
            yield Text(f"  ? {plain(getattr(unknown, language))}", style="yellow")
        yield ""
    yield Text(method, style="dim")


def _markdown(
    found: Sequence[CompanyShifts | CompanyDifference], taxonomy: Taxonomy, language: Language, method: str
) -> str:
    sections = []
    for one in found:
        told = _told(one, taxonomy, language)
        lines = [f"- {markdown(sentence)}" for sentence in told[1:]]
        lines += [f"- ? {markdown(getattr(unknown, language))}" for unknown in one.unknown]
        links = [
            f"  - {evidence.opened} [{markdown(evidence.title)}]({evidence.url})"
            if evidence.url
            else f"  - {evidence.opened} {markdown(evidence.title)}"
            for evidence in _evidence(one)
        ]
        sections.append("\n".join([f"## {markdown(told[0])}", "", *lines, *links, ""]))
    return "\n".join([*sections, markdown(method), ""])


def _rows(one: CompanyShifts | CompanyDifference, columns: Sequence[str]) -> Iterator[dict[str, object]]:
    for shift in one.shifts:
        values = {name: getattr(shift if hasattr(shift, name) else one, name) for name in columns}
        yield {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value


def _told(one: CompanyShifts | CompanyDifference, taxonomy: Taxonomy, language: Language) -> list[str]:
    from rolemix.analysis.shifts import CompanyShifts
    from rolemix.publishing.sentences import difference_sentences, sentences

    if isinstance(one, CompanyShifts):
        return list(sentences(one, taxonomy, language))
    return list(difference_sentences(one, taxonomy, language))


def _evidence(one: CompanyShifts | CompanyDifference) -> list[Evidence]:
    """Return the postings of the statements that are printed, each once."""
    from rolemix.analysis.shifts import CompanyShifts
    from rolemix.publishing.sentences import MOST_FIRSTS

    shown = [shift.evidence for shift in one.shifts if shift.moved]
    if isinstance(one, CompanyShifts):
        shown += [first.evidence[:1] for first in one.firsts[-MOST_FIRSTS:]]
    return list(dict.fromkeys(evidence for group in shown for evidence in group))


def _method(language: Language, *, weekly: bool) -> str:
    from classifier.quantification.shifts import LEVEL, spent_level
    from rolemix.publishing.sentences import Language

    level = spent_level(api.WEEK.days) if weekly else LEVEL
    if language is Language.ZH:
        return METHOD_ZH.format(level=level) + (WEEKLY_ZH if weekly else "")
    return METHOD.format(level=level) + (WEEKLY if weekly else "")
