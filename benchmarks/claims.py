"""Whether claims about hiring are answered as they should be, on labs of which the truth is known.

    python -m benchmarks.claims

Four fictional labs and three rivals are crawled over HTTP on eight days (`simulator.twins`), and the claims of
`watchlists/claims-deepseek.toml` are asked of each lab: of the one of which each is true, of its opposite, of one whose
board is small, and of one whose board is never seen whole. Printed is the table of `docs/claims.md`; what is not the
honest answer is in bold.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from classifier.model.tagger import Tagger
from crawler.systems import find_board
from postings.store import Store
from rolemix import api
from rolemix.analysis.claim_answers import check
from rolemix.analysis.claims import Answer, Claim, load_claims
from rolemix.collecting.crawling import collect
from rolemix.collecting.watchlist import Watched
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from simulator.faults import Fault, FaultKind
from simulator.server import Simulator
from simulator.twins import DAYS, DIM, FALSE, OWN_SITE, RIVALS, SMALL, TRUE, twins

CLAIMS = Path(__file__).resolve().parents[1] / "watchlists" / "claims-deepseek.toml"
NEVER = {"poached", "ten-on-linkedin", "million-dollars"}
"""The claims that no board decides, whatever the truth."""
SEEN = {
    DIM: {"full-stack"},
    SMALL: {"pace", "product-managers", "mainland", "offices", "students", "full-stack", "internships"},
}
"""What is true of the labs with small boards; of the last, one sighting is enough."""
NEEDS_MANY = {"teams", "shift", "share", "more", "rank", "overlap", "highest", "count", "same"}
"""The kinds that a small board, without pay and without a second board, does not decide."""


def collect_twins(store: Store, tagger: Tagger, days: tuple[int, ...] = DAYS) -> None:
    """Crawl the labs and their rivals into a store, and tag them; the dim lab's board breaks off each day."""
    world = twins()
    watched = [Watched(find_board(board.url), board.company.name) for board in world.boards]
    with Simulator(world) as simulator:
        dim = next(board.url for board in world.boards if board.company.name == DIM)
        simulator.fault(dim, Fault(FaultKind.CAPPED, days=list(days)))
        for day in days:
            simulator.day = day
            settings = api.crawl_settings(simulator.url, 0) | {"RETRY_TIMES": 0}
            collect(store, watched, observed_at=world.date(day), settings=settings)
    tag_new(store, tagger)
    read_new(store)


def claims_of(lab: str) -> list[Claim]:
    """Return the claims about DeepSeek, asked of a lab and its rivals instead."""
    text = CLAIMS.read_text("utf-8").replace('"DeepSeek"', f'"{lab}"').replace('"mokahr"', f'"{OWN_SITE}"')
    for name, rival in zip(("Moonshot", "Zhipu", "MiniMax"), RIVALS, strict=True):
        text = text.replace(f'"{name}"', f'"{rival}"')
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.toml"
        path.write_text(text, "utf-8")
        return load_claims(path)


def expected(lab: str, claim: Claim) -> str:
    """Return the honest answer to a claim about a lab."""
    if claim.id in SEEN.get(lab, ()):
        return "supported"
    if lab == SMALL and claim.kind in NEEDS_MANY:
        return "not decidable"
    if lab == DIM or claim.id in NEVER:
        return "not decidable"
    return "supported" if lab == TRUE else "refuted"


def answers(store: Store, tagger: Tagger) -> dict[str, list[Answer]]:
    """Return the answers to all claims, by lab."""
    return {lab: check(store, tagger.info, claims_of(lab)) for lab in (TRUE, FALSE, SMALL, DIM)}


def table(found: Mapping[str, Sequence[Answer]]) -> Iterator[str]:
    """Yield the lines of a table of claims and answers, with what is not the honest one in bold."""
    yield "| claim | kind | where it is true | where it is false | small board | never seen whole |"
    yield "|---|---|---|---|---|---|"
    for row in zip(*found.values(), strict=True):
        cells = [
            str(one.verdict) if honest(lab, one) else f"**{one.verdict}**" for lab, one in zip(found, row, strict=True)
        ]
        yield f"| {row[0].claim.text} | `{row[0].claim.kind}` | {' | '.join(cells)} |"


def honest(lab: str, answer: Answer) -> bool:
    """Return whether an answer about a lab is the one that is expected."""
    return str(answer.verdict) == expected(lab, answer.claim)


def main() -> None:
    """Print the table of claims, the truth of each lab and the answers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", action="store_true", help="print what is said with each answer too")
    options = parser.parse_args()
    tagger = Tagger.load()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "rolemix.db") as store:
        collect_twins(store, tagger)
        found = answers(store, tagger)
    print("\n".join(table(found)))
    checked = [honest(lab, one) for lab, of_lab in found.items() for one in of_lab]
    print(f"\n{sum(checked)} of {len(checked)} answers are the honest ones.")
    if options.figures:
        for lab, of_lab in found.items():
            for one in of_lab:
                print(f"\n{lab}: {one.claim.text}\n  {one.verdict}: {one.figures}")
                print(*(f"  {shown.opened} {shown.title} {shown.url}\n" for shown in one.evidence), end="", sep="")
                print(*([f"  needed: {one.needed}"] if one.needed else []), sep="\n")


if __name__ == "__main__":
    main()
