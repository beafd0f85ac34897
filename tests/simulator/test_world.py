"""The world: its story, its truth, and that the same seed gives the same story."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from simulator.posting import Posting
from simulator.texts import language, roles
from simulator.world import DAYS, World

LUYINGU = "https://app.mokahr.com/social-recruitment/luyingu/210034"
CAMPUS = "https://app.mokahr.com/campus-recruitment/luyingu/210035"


def summary(world: World) -> list[str]:
    return [repr(posting) for board in world.boards for posting in world.postings(board.url)]


def all_postings(world: World) -> list[tuple[str, Posting]]:
    return [(board.url, posting) for board in world.boards for posting in world.postings(board.url)]


def mix(world: World, board: str, day: int) -> Counter[str]:
    return Counter(posting.role for posting in world.rows(board, day))


def test_same_seed_same_story() -> None:
    assert summary(World(3)) == summary(World(3))
    assert summary(World(3)) != summary(World(4))


def test_truth_is_what_the_boards_list(world: World) -> None:
    for board in world.boards:
        truth = world.truth(board.url)
        for day in range(DAYS + 3):
            spelled = {
                identifier
                for identifier, spells in truth.items()
                if any(opened <= day and (closed is None or day < closed) for opened, closed in spells)
            }
            assert spelled == world.identifiers(board.url, day), (board.url, day)


def test_spells_are_in_order_and_apart(world: World) -> None:
    for url, posting in all_postings(world):
        ends = [(spell.opened, spell.closed) for spell in posting.spells]
        for opened, closed in ends:
            assert closed is None or opened < closed
        for (_, closed), (opened, _) in itertools.pairwise(ends):
            assert closed is not None, url
            assert closed < opened


def test_nothing_is_known_before_it_happens(world: World) -> None:
    for _, posting in all_postings(world):
        for spell in posting.spells:
            assert spell.published <= world.date(spell.opened)
            assert spell.opened == 0 or world.date(spell.opened - 1) < spell.published
        for wording in posting.wordings:
            assert wording.edited <= world.date(max(wording.day, posting.spells[0].opened))


def test_identifiers_are_unique(world: World) -> None:
    found = [posting.identifier for _, posting in all_postings(world)]
    assert len(found) == len(set(found))


def test_laboratory_turns_to_products(world: World) -> None:
    before, after = mix(world, LUYINGU, 0), mix(world, LUYINGU, DAYS)
    assert after["model-research"] < before["model-research"] / 2
    assert after["product-management"] > 4 * before["product-management"]
    assert before["product-operations"] == before["product-design"] == 0
    assert after["product-operations"] > 0
    assert after["annotation"] > before["annotation"]


def test_computing_company_staffs_data_centres(world: World) -> None:
    url = "https://app.mokahr.com/social-recruitment/jinridge/318820"
    assert mix(world, url, DAYS)["data-centre"] > 2 * mix(world, url, 0)["data-centre"]


def test_steady_company_keeps_its_mix_while_people_change(world: World) -> None:
    url = "https://hire-r1.mokahr.com/social-recruitment/orreryharbor/100000412"
    assert mix(world, url, 0) == mix(world, url, DAYS)
    assert world.identifiers(url, 0) != world.identifiers(url, DAYS)


def test_every_kind_of_change_happens(world: World) -> None:
    postings = [posting for _, posting in all_postings(world)]
    assert any(len(posting.spells) == 2 for posting in postings)
    assert any(len({wording.title for wording in posting.wordings}) == 2 for posting in postings)
    assert any(len({wording.duties for wording in posting.wordings}) == 2 for posting in postings)
    assert any(posting.urgent for posting in postings)
    assert any(posting.hidden for posting in postings)
    assert any(posting.prospect for posting in postings)
    assert world.paused(LUYINGU, DAYS)


def test_moved_postings_lead_to_listed_ones(world: World) -> None:
    moved = world.redirecting(LUYINGU, DAYS)
    assert moved
    assert set(moved.values()) <= world.identifiers(LUYINGU, DAYS) - set(moved)


def test_sites_of_one_tenant_are_disjoint(world: World) -> None:
    assert not set(world.truth(LUYINGU)) & set(world.truth(CAMPUS))


def test_hidden_postings_are_in_the_responses_but_not_in_the_truth(world: World) -> None:
    url = "https://jobs.ashbyhq.com/marrowlight"
    hidden = {posting.identifier for posting in world.postings(url) if posting.hidden}
    assert hidden
    assert not hidden & set(world.truth(url))
    assert hidden <= {posting.identifier for posting in world.rows(url, 0)}


def test_roles_are_summary(world: World) -> None:
    for board in world.boards:
        assert set(world.roles(board.url).values()) <= set(roles())


def test_dates_have_a_zone() -> None:
    assert World.date(0) == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert World.date(9) - World.date(0) == timedelta(days=9)


def test_sized_worlds_have_the_requested_size() -> None:
    world = World.sized(boards=9, postings=130, seed=1)
    assert [len(world.rows(board.url, 0)) for board in world.boards] == [130] * 9
    assert {board.system.name for board in world.boards} == {"moka", "greenhouse", "lever", "ashby"}


def test_unknown_names_are_refused(world: World) -> None:
    with pytest.raises(LookupError, match="no board"):
        world.rows("https://jobs.lever.co/nobody", 0)
    with pytest.raises(LookupError, match="never listed"):
        world.posting(LUYINGU, "nobody")
    with pytest.raises(ValueError, match="language"):
        language("xx")
    with pytest.raises(ValueError, match="turn"):
        World(days=10)


def test_both_languages_have_texts_for_all_roles() -> None:
    chinese, english = language("zh").roles, language("en").roles
    assert len(roles()) == 21
    assert list(chinese) == list(english)
    for text in (*chinese.values(), *english.values()):
        assert len(text.titles) >= 2
        assert len(text.duties) >= 5
        assert len(text.requirements) >= 3
