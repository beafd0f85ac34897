"""The codebook's titles have valid roles, of all roles and languages, and none is repeated."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from classifier.codebook import codebook_titles
from classifier.taxonomy import Taxonomy
from classifier.text.chinese import simplify
from classifier.text.tokens import HAN, fold

_GERMAN = re.compile(r"[äöüß]|\((?:m/w/d|w/m/d)\)|(?:entwickler|ingenieur|leiter|techniker)(?:in)?\b", re.IGNORECASE)


def test_every_role_has_titles() -> None:
    counts = Counter(role for _, role in codebook_titles())
    assert set(counts) == set(Taxonomy.load().role_names)
    assert min(counts.values()) >= 20, counts


def test_no_title_is_repeated() -> None:
    counts = Counter(" ".join(title.casefold().split()) for title, _ in codebook_titles())
    assert [title for title, count in counts.items() if count > 1] == []


def test_no_title_has_two_roles() -> None:
    roles = defaultdict(set)
    for title, role in codebook_titles():
        roles[" ".join(fold(title).split())].add(role)
    assert {title: found for title, found in roles.items() if len(found) > 1} == {}


def test_titles_are_written_as_boards_write_them() -> None:
    for title, _ in codebook_titles():
        assert title == " ".join(title.split())
        assert re.search(r"\w", title)
        assert len(title) <= 120


def test_every_language_and_script_has_titles_of_every_focus() -> None:
    focus = Taxonomy.load().focus_by_role
    of_kind = defaultdict(set)
    sizes: Counter[str] = Counter()
    for title, role in codebook_titles():
        if re.search(f"[{HAN}]", title):
            kind = "simplified" if simplify(title) == title else "traditional"
        else:
            kind = "German" if _GERMAN.search(title) else "English"
        of_kind[kind].add(focus[role])
        sizes[kind] += 1
    assert min(sizes[kind] for kind in ("simplified", "traditional", "German", "English")) >= 100, sizes
    assert all(found == set(Taxonomy.load().focus_names) for found in of_kind.values()), of_kind
