"""rolemix: watch what companies hire for, and say, with honest error bars, how the mix of roles shifts.

What a command does is one call here; see `rolemix.api`. Nothing heavy is imported before it is used.

    import rolemix

    with rolemix.open_store("rolemix.db") as store:
        rolemix.crawl(store, ["https://job-boards.greenhouse.io/anthropic"])
        rolemix.report(store).focuses()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifier.model.info import ModelInfo
    from classifier.model.tag import Tag
    from classifier.model.tagger import Tagger
    from classifier.quantification.mix import Mix
    from classifier.taxonomy import Taxonomy
    from crawler.boards import Board
    from crawler.systems import find_board
    from postings.errors import RolemixError
    from postings.posting import JobPosting
    from postings.store.database import Store
    from postings.verdict import BoardRun, Verdict
    from rolemix.analysis.breakdown import Breakdown
    from rolemix.analysis.changes import Event
    from rolemix.analysis.claims import Answer
    from rolemix.analysis.differences import CompanyDifference
    from rolemix.analysis.pay_bands import PayIn
    from rolemix.analysis.report_records import Report
    from rolemix.analysis.series import Series
    from rolemix.analysis.shifts import CompanyShifts
    from rolemix.api import (
        boards,
        breakdown,
        changes,
        check,
        classify,
        crawl,
        crawl_settings,
        demo,
        differences,
        estimate_mix,
        explain,
        feed,
        find_postings,
        ingest,
        ingest_history,
        load_group,
        load_tagger,
        load_watchlist,
        mix,
        open_store,
        parse,
        postings,
        read_facts,
        report,
        reread,
        retag,
        runs,
        same_jobs,
        series,
        shifts,
        systems,
        tag,
        train,
    )
    from rolemix.collecting.collected import Collected
    from rolemix.collecting.histories import RecordedHistory
    from rolemix.collecting.ingesting import Ingested
    from rolemix.collecting.parsing import ParsedResponse
    from rolemix.collecting.rereading import Reread
    from rolemix.collecting.watchlist import Watched
    from rolemix.publishing.json_feed import FeedAddresses
    from rolemix.tagging.retag import RetagResult

__all__ = [
    "Answer",
    "Board",
    "BoardRun",
    "Breakdown",
    "Collected",
    "CompanyDifference",
    "CompanyShifts",
    "Event",
    "FeedAddresses",
    "Ingested",
    "JobPosting",
    "Mix",
    "ModelInfo",
    "ParsedResponse",
    "PayIn",
    "RecordedHistory",
    "Report",
    "Reread",
    "RetagResult",
    "RolemixError",
    "Series",
    "Store",
    "Tag",
    "Tagger",
    "Taxonomy",
    "Verdict",
    "Watched",
    "boards",
    "breakdown",
    "changes",
    "check",
    "classify",
    "crawl",
    "crawl_settings",
    "demo",
    "differences",
    "estimate_mix",
    "explain",
    "feed",
    "find_board",
    "find_postings",
    "ingest",
    "ingest_history",
    "load_group",
    "load_tagger",
    "load_watchlist",
    "mix",
    "open_store",
    "parse",
    "postings",
    "read_facts",
    "report",
    "reread",
    "retag",
    "runs",
    "same_jobs",
    "series",
    "shifts",
    "systems",
    "tag",
    "train",
]

_DEFINED_IN = {
    "ModelInfo": "classifier.model.info",
    "Tag": "classifier.model.tag",
    "Tagger": "classifier.model.tagger",
    "Mix": "classifier.quantification.mix",
    "Taxonomy": "classifier.taxonomy",
    "Board": "crawler.boards",
    "find_board": "crawler.systems",
    "RolemixError": "postings.errors",
    "JobPosting": "postings.posting",
    "Store": "postings.store.database",
    "BoardRun": "postings.verdict",
    "Verdict": "postings.verdict",
    "Breakdown": "rolemix.analysis.breakdown",
    "PayIn": "rolemix.analysis.pay_bands",
    "Report": "rolemix.analysis.report_records",
    "Series": "rolemix.analysis.series",
    "Answer": "rolemix.analysis.claims",
    "Event": "rolemix.analysis.changes",
    "CompanyDifference": "rolemix.analysis.differences",
    "CompanyShifts": "rolemix.analysis.shifts",
    "Collected": "rolemix.collecting.collected",
    "RecordedHistory": "rolemix.collecting.histories",
    "Ingested": "rolemix.collecting.ingesting",
    "ParsedResponse": "rolemix.collecting.parsing",
    "Reread": "rolemix.collecting.rereading",
    "Watched": "rolemix.collecting.watchlist",
    "FeedAddresses": "rolemix.publishing.json_feed",
    "RetagResult": "rolemix.tagging.retag",
}
"""The modules of the public names that `rolemix.api` does not define."""

if not TYPE_CHECKING:  # a type checker would take every name for one that exists

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_DEFINED_IN.get(name, "rolemix.api")), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
