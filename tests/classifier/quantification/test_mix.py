"""Scored postings keep their parts together, and the lines of a mix group roles by focus."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.quantification.estimand import Estimand
from classifier.quantification.mix import Lines, Mix, MixLine, ScoredPostings
from classifier.taxonomy import Taxonomy
from tests.classifier.quantification.synthetic import ROLES

TAXONOMY = Taxonomy.load()


@pytest.fixture
def scored() -> ScoredPostings:
    probabilities = np.array([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])
    several = np.array([False, True, True])
    return ScoredPostings(("storage", "software"), probabilities, np.array([0.1, 0.2, 0.3]), several)


def test_postings_of_several_tracks_are_counted_in_fractions(scored: ScoredPostings) -> None:
    assert scored.known_counts.tolist() == [1.25, 0.75]
    assert scored.of_one_role.probabilities.tolist() == [[0.5, 0.5]]
    assert scored.of_one_role.known_counts.tolist() == [0, 0]


def test_part_keeps_everything_about_a_posting(scored: ScoredPostings) -> None:
    part = scored.part(np.array([2, 0]))
    assert len(part) == 2
    assert part.unknown is not None
    assert part.unknown.tolist() == [0.3, 0.1]
    assert part.several_tracks is not None
    assert part.several_tracks.tolist() == [True, False]


def test_stored_tags_are_gathered_in_the_order_of_the_roles() -> None:
    tags = [({"software": 0.75, "storage": 0.25}, False), ({"software": 0.5, "storage": 0.5}, True)]
    scored = ScoredPostings.of(iter(tags), ["storage", "software"])
    assert scored.probabilities.tolist() == [[0.25, 0.75], [0.5, 0.5]]
    assert scored.several_tracks is not None
    assert scored.several_tracks.tolist() == [False, True]
    assert ScoredPostings.of([], ["storage", "software"]).probabilities.shape == (0, 2)


def test_each_role_counts_towards_its_own_line_and_its_focus() -> None:
    lines = Lines(ROLES, TAXONOMY)
    assert [focus for focus, role in lines.names if role is None] == list(TAXONOMY.focus_names)
    assert lines.are_focuses.tolist() == [role is None for _, role in lines.names]
    assert lines.membership.shape == (len(ROLES), len(lines.names))
    for role, row in zip(ROLES, lines.membership, strict=True):
        found = [name for name, member in zip(lines.names, row, strict=True) if member]
        assert found == [(TAXONOMY.focus_by_role[role], None), (TAXONOMY.focus_by_role[role], role)]


MIX = Mix(
    Estimand.BOARD,
    3,
    (
        MixLine("infrastructure", None, 0.75, 0.5, 1.0, 2.25),
        MixLine("infrastructure", "storage", 0.75, 0.5, 1.0, 2.25),
        MixLine("other", None, 0.25, 0.0, 0.5, 0.75),
        MixLine("other", "software", 0.25, 0.0, 0.5, 0.75),
    ),
    ("The intervals are wide.",),
)


def test_a_mix_has_a_frame_of_focuses_and_one_of_roles() -> None:
    focuses, roles = MIX.focuses(), MIX.roles()
    assert list(focuses.columns) == ["focus", "share", "low", "high", "count"]
    assert list(roles.columns) == ["focus", "role", "share", "low", "high", "count"]
    assert focuses["focus"].to_list() == list(MIX.by_focus) == ["infrastructure", "other"]
    assert roles["role"].to_list() == list(MIX.by_role) == ["storage", "software"]
    assert focuses["share"].to_list() == [0.75, 0.25]
    assert {str(kind) for kind in roles.dtypes} == {"string", "Float64"}
    assert Mix(Estimand.BOARD, 0, (), ()).roles().empty


def test_a_mix_is_printed_by_focus() -> None:
    assert str(MIX).splitlines() == [
        "3 postings",
        "infrastructure   75%  (50% to 100%)",
        "other            25%  (0% to 50%)",
        "The intervals are wide.",
    ]
