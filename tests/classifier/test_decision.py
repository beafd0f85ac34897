"""The role follows from the focus that outweighs the others."""

from __future__ import annotations

import numpy as np

from classifier.decision import decide
from classifier.taxonomy import Taxonomy


def test_role_is_chosen_within_the_focus_that_outweighs() -> None:
    roles = ["compute", "reliability", "software"]
    taxonomy = Taxonomy.load()
    assert roles[decide(np.array([[0.31, 0.29, 0.4]]), roles, taxonomy)[0]] == "compute"
    assert roles[decide(np.array([[0.2, 0.2, 0.6]]), roles, taxonomy)[0]] == "software"
