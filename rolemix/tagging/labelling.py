"""Asking a person about postings: which are there, in what order they come, and what was decided."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy import stats

from classifier.model.tag import Tag, batches
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.active_learning import shuffled, spread, unsureness
from classifier.training.corpus import text_key
from classifier.training.labels import Label, LabelFile, Picked
from postings.errors import RolemixError
from postings.store import Store, queries
from rolemix.companies import company_names, full_name

_BATCH = 256


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A posting that a person may be asked about, without its text, because there can be many.

    Attributes:
        key: Stands for its text (see `classifier.training.corpus.text_key`).
        name: The feed's id, or the ``id`` in a file; None where it has none.
        title: Its title.
        company: Its company; None where unknown.
        tag: What the model says.
        describe: Returns its description.
    """

    key: str
    name: str | None
    title: str
    company: str | None
    tag: Tag
    describe: Callable[[], str]


def from_store(store: Store, tagger: Tagger, companies: Collection[str] = ()) -> Iterator[Candidate]:
    """Yield every posting of the store, open or closed, in its newest version; those that only redirect left out.

    Args:
        store: Tagged with this model throughout (see `rolemix.tagging.retag.tag_new`).
        tagger: The model.
        companies: Only of these, matched by name without regard to case; none for all.

    Raises:
        RolemixError: The store has none of a company.
    """
    with store.read() as connection:
        names = company_names(connection)
        known = {name.casefold() for name in names.values()}
        if unknown := [name for name in companies if name.casefold() not in known]:
            there = ", ".join(sorted(set(names.values()))) or "nothing"
            raise RolemixError(f"nothing is known of {', '.join(unknown)}: the store has {there}")
        wanted = {name.casefold() for name in companies} or known
        urls = [url for url, name in names.items() if name.casefold() in wanted]
        for found in queries.stream_histories(connection, board_urls=urls, model=tagger.model):
            posting, tag = found.posting, found.tag
            if posting.redirects_to or tag is None or tag.role is None:
                continue
            yield Candidate(
                key=text_key(posting.title, posting.description),
                name=full_name(found),
                title=posting.title,
                company=names[found.board_url],
                tag=Tag(tag.role, tagger.focus_by_role[tag.role], tag.confidence, tag.roles),
                describe=_reader(store, found.version_id),
            )


def from_rows(rows: Iterable[Mapping[str, Any]], tagger: Tagger) -> Iterator[Candidate]:
    """Yield postings that were read from a file.

    Raises:
        RowError: One of them cannot be tagged.
    """
    for batch in batches(rows, _BATCH):
        for row, tag in zip(batch, tagger.tag(batch, batch=_BATCH), strict=True):
            name, company, description = row.get("id"), row.get("company"), row.get("description") or ""
            yield Candidate(
                key=text_key(row["title"], description),
                name=None if name is None else str(name),
                title=row["title"],
                company=str(company) if company else None,
                tag=tag,
                describe=partial(str, description),
            )


def in_order(candidates: Sequence[Candidate], labelled: Collection[str], picked: Picked) -> Iterator[Candidate]:
    """Yield the postings that have no label yet in the order to ask about them.

    Args:
        candidates: All postings.
        labelled: The keys of those that have a label.
        picked: By what the model is unsure of, spread over companies, roles and titles; or by chance.
    """
    taken = [index for index, one in enumerate(candidates) if one.key in labelled]
    if picked is Picked.RANDOM:
        left = set(range(len(candidates))) - set(taken)
        order: Iterable[int] = (index for index in shuffled([one.key for one in candidates]) if index in left)
    elif candidates:
        probabilities = np.array([list(one.tag.roles.values()) for one in candidates])
        groups = (
            [one.company for one in candidates],
            [one.tag.role for one in candidates],
            [one.title.casefold() for one in candidates],
        )
        order = spread(unsureness(probabilities), groups, taken)
    else:
        order = ()
    yield from (candidates[index] for index in order)


class Session:
    """One sitting: a posting at a time, each decision written at once, every step to be undone.

    Attributes:
        current: The posting to ask about now; None when none is left.
        added: How many labels this sitting has added.
    """

    def __init__(self, candidates: Sequence[Candidate], file: LabelFile, tagger: Tagger, picked: Picked) -> None:
        self.added = 0
        self.current: Candidate | None = None
        self._file = file
        self._tagger = tagger
        self._picked = picked
        # A text is asked about once, wherever it is posted.
        different = {one.key: one for one in candidates}
        self._keys = different.keys()
        self._order = in_order(list(different.values()), frozenset(file.labels), picked)
        self._before: list[tuple[Candidate, bool]] = []
        self._after: list[Candidate] = []
        self._next()

    @property
    def left(self) -> int:
        """How many postings have no label yet, the current one among them."""
        return len(self._keys - self._file.labels.keys())

    def decide(self, role: str, day: str) -> Label:
        """Write down the role of the current posting, and go on to the next.

        Args:
            role: The role.
            day: The day of the decision, in ISO 8601.

        Raises:
            LabelsError: It cannot be written; the posting stays the current one.
        """
        one = self._asked()
        label = Label(
            key=one.key,
            name=one.name,
            title=one.title,
            description=one.describe(),
            company=one.company,
            role=role,
            codebook=self._tagger.taxonomy_version,
            decided_on=day,
            guess=one.tag.role,
            confidence=round(one.tag.confidence, 4),
            model=self._tagger.model,
            picked=self._picked,
        )
        self._file.add(label)
        self.added += 1
        self._before.append((one, True))
        self._next()
        return label

    def skip(self) -> None:
        """Leave the current posting undecided for this sitting, and go on to the next."""
        self._before.append((self._asked(), False))
        self._next()

    def undo(self) -> bool:
        """Return to the posting before, taking back what was decided about it; False at the first one.

        Raises:
            LabelsError: The decision cannot be taken back.
        """
        if not self._before:
            return False
        one, decided = self._before[-1]
        if decided:
            self._file.remove_last()
            self.added -= 1
        self._before.pop()
        if self.current is not None:
            self._after.append(self.current)
        self.current = one
        return True

    def _asked(self) -> Candidate:
        if self.current is None:
            raise LookupError("no posting is left to decide about")
        return self.current

    def _next(self) -> None:
        if self._after:
            self.current = self._after.pop()
            return
        self.current = next(self._order, None)


def report(labels: Iterable[Label], taxonomy: Taxonomy) -> dict[str, list[dict[str, Any]]]:
    """Return what a file of labels says, as tables by name.

    ``agreement``: a row for each model and way of picking: how many labels, in how many the person agreed with the
    model's role and with its focus; for postings picked at random, between which bounds the model is right about all
    that had no label yet (95 %, Wilson's interval, 1927). ``roles``: labels of each role. ``corrections``: from which
    role to which the person changed the model's, most often first.
    """
    labels = list(labels)
    focus = taxonomy.focus_by_role
    sources = sorted({(label.model, label.picked) for label in labels})
    given = Counter(label.role for label in labels)
    changes = Counter((label.guess, label.role) for label in labels if label.guess != label.role)
    return {
        "agreement": [
            _agreement(model, picked, [one for one in labels if (one.model, one.picked) == (model, picked)], focus)
            for model, picked in sources
        ],
        "roles": [
            {
                "focus": focus[role],
                "role": role,
                "labels": given[role],
                "guessed": sum(one.guess == role for one in labels),
                "agreed": sum(one.guess == one.role == role for one in labels),
            }
            for role in taxonomy.role_names
            if given[role]
        ],
        "corrections": [
            {"guess": guess, "role": role, "labels": count}
            for (guess, role), count in sorted(changes.items(), key=lambda item: (-item[1], item[0]))
        ],
    }


def _agreement(model: str, picked: Picked, labels: Sequence[Label], focus: Mapping[str, str]) -> dict[str, Any]:
    agreed = sum(one.guess == one.role for one in labels)
    share = agreed / len(labels)
    low = high = None
    if picked is Picked.RANDOM:
        interval = stats.binomtest(agreed, len(labels)).proportion_ci(method="wilson")
        low, high = round(float(interval.low), 4), round(float(interval.high), 4)
    return {
        "model": model,
        "picked": str(picked),
        "labels": len(labels),
        "companies": len({one.company for one in labels}),
        "same_focus": round(sum(focus.get(one.guess) == focus[one.role] for one in labels) / len(labels), 4),
        "same_role": round(share, 4),
        "low": low,
        "high": high,
    }


def _reader(store: Store, version_id: int) -> Callable[[], str]:
    def read() -> str:
        with store.read() as connection:
            return queries.fetch_content(connection, version_id).description

    return read
