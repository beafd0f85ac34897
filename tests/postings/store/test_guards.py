"""When the closings of a complete run wait for a second one."""

from __future__ import annotations

import pytest

from postings.store.guards import reason_to_hold


@pytest.mark.parametrize(
    ("seen", "usual", "still_open", "absent", "held"),
    [
        (70, [100, 100, 100], 70, 30, False),  # exactly 70 % is enough
        (69, [100, 100, 100], 69, 31, True),
        (69, [100, 100], 69, 31, False),  # two runs do not make a usual size
        (21, [30, 30, 30], 21, 9, False),  # 0.7 × 30 is 21, whatever binary fractions say
        (69, [100, 100, 100, 1, 1], 69, 31, True),  # two bad runs of five do not move the median
        (50, [50, 50, 50, 100, 100], 50, 4, False),
        (5, [5, 5, 5], 5, 5, False),  # exactly half may close
        (4, [4, 4, 4], 4, 5, True),
        (0, [], 0, 1, True),
        (0, [0, 0, 0], 1, 1, False),
        (1, [100, 100, 100], 1, 0, False),  # nothing is absent
    ],
)
def test_guards(seen: int, usual: list[int], still_open: int, absent: int, held: bool) -> None:
    assert (reason_to_hold(seen, usual, still_open, absent) is not None) is held


def test_reason_states_its_numbers() -> None:
    reason = reason_to_hold(104, [11_815, 11_810, 11_820], 104, 11_711)
    assert reason is not None
    for number in ("104", "70%", "11,815", "last 3", "11,711", "50%"):
        assert number in reason
