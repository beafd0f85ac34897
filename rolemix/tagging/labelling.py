"""Labelling postings: the candidates, their order, a session that records decisions, and a report on the labels."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy import stats

from classifier.model.info import ModelInfo
from classifier.model.tag import Tag, batches, focus_confidence
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.active_learning import shuffled, spread, unsureness
from classifier.training.corpus import text_key
from classifier.training.labels import Label, LabelFile, Picked
from postings.store import Store, queries
from rolemix.analysis.openings import chosen
from rolemix.companies import company_names, full_name

_BATCH = 256


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A posting that a person may label, without its description, because there can be many.

    Attributes:
        key: The key of its text (`classifier.training.corpus.text_key`).
        name: Its id in the feed, or its ``id`` in a file; None where it has none.
        title: Its title.
        company: Its company; None where unknown.
        tag: Its predicted tag.
        load_description: Returns its description.
    """

    key: str
    name: str | None
    title: str
    company: str | None
    tag: Tag
    load_description: Callable[[], str]


def boards_of(store: Store, companies: Collection[str] = ()) -> dict[str, str]:
    """Return the company of each board.

    Args:
        store: The store.
        companies: Only these, found by a name or its beginning, without regard to case; none for all.

    Raises:
        NothingToReport: The store has no company of one of the names.
    """
    with store.read() as connection:
        names = company_names(connection)
    wanted = chosen(set(names.values()), companies)
    return {url: name for url, name in names.items() if name in wanted}


def from_store(store: Store, model: ModelInfo, companies: Collection[str] = ()) -> Iterator[Candidate]:
    """Yield every posting of the store, open or closed, in its newest version, except those that only redirect.

    Args:
        store: A store that is tagged completely with this model (see `rolemix.tagging.retag.tag_new`).
        model: The model.
        companies: Only these, as `boards_of` finds them; none for all.

    Raises:
        NothingToReport: The store has no company of one of the names.
    """
    focus = model.taxonomy.focus_by_role
    names = boards_of(store, companies)
    with store.read() as connection:
        for found in queries.stream_histories(connection, board_urls=list(names), model=model.name):
            posting, tag = found.posting, found.tag
            if posting.redirects_to or tag is None or tag.role is None:
                continue
            role_focus = focus[tag.role]
            yield Candidate(
                key=text_key(posting.title, posting.description),
                name=full_name(found),
                title=posting.title,
                company=names[found.board_url],
                tag=Tag(
                    tag.role, role_focus, tag.confidence, focus_confidence(tag.roles, role_focus, focus), tag.roles
                ),
                load_description=_reader(store, found.version_id),
            )


def from_rows(rows: Iterable[Mapping[str, Any]], tagger: Tagger) -> Iterator[Candidate]:
    """Yield postings that were read from a file.

    Raises:
        RowError: A row cannot be tagged.
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
                load_description=partial(str, description),
            )


def in_order(candidates: Sequence[Candidate], labelled: Collection[str], picked: Picked) -> Iterator[Candidate]:
    """Yield the postings without a label in the order to show them.

    Args:
        candidates: All postings.
        labelled: The keys of those that have a label.
        picked: Uncertain ones first, spread over companies, roles and titles; or at random.
    """
    taken = [index for index, candidate in enumerate(candidates) if candidate.key in labelled]
    if picked is Picked.RANDOM:
        left = set(range(len(candidates))) - set(taken)
        order: Iterable[int] = (
            index for index in shuffled([candidate.key for candidate in candidates]) if index in left
        )
    elif candidates:
        probabilities = np.array([list(candidate.tag.roles.values()) for candidate in candidates])
        groups = (
            [candidate.company for candidate in candidates],
            [candidate.tag.role for candidate in candidates],
            [candidate.title.casefold() for candidate in candidates],
        )
        order = spread(unsureness(probabilities), groups, taken)
    else:
        order = ()
    yield from (candidates[index] for index in order)


class Session:
    """A labelling session: it shows one posting at a time, writes each decision immediately, and can undo every step.

    Attributes:
        current: The posting to decide about now; None when none is left.
        added: The number of labels added in this session.
    """

    def __init__(self, candidates: Sequence[Candidate], file: LabelFile, model: ModelInfo, picked: Picked) -> None:
        self.added = 0
        self.current: Candidate | None = None
        self._file = file
        self._model = model
        self._picked = picked
        # Postings with the same text are shown once.
        distinct = {candidate.key: candidate for candidate in candidates}
        self._keys = distinct.keys()
        self._order = in_order(list(distinct.values()), frozenset(file.labels), picked)
        self._before: list[tuple[Candidate, bool]] = []
        self._after: list[Candidate] = []
        self._next()

    @property
    def left(self) -> int:
        """The number of postings without a label, including the current one."""
        return len(self._keys - self._file.labels.keys())

    def decide(self, role: str, day: str) -> Label:
        """Write the role of the current posting to the label file, and go on to the next posting.

        Args:
            role: The role.
            day: The day of the decision, in ISO 8601.

        Raises:
            LabelsError: The label cannot be written; the posting remains the current one.
            LookupError: No posting is left.
        """
        posting = self._require_current()
        label = Label(
            key=posting.key,
            name=posting.name,
            title=posting.title,
            description=posting.load_description(),
            company=posting.company,
            role=role,
            codebook=self._model.taxonomy.version,
            decided_on=day,
            guess=posting.tag.role,
            confidence=round(posting.tag.confidence, 4),
            model=self._model.name,
            picked=self._picked,
        )
        self._file.add(label)
        self.added += 1
        self._before.append((posting, True))
        self._next()
        return label

    def skip(self) -> None:
        """Leave the current posting without a label, and go on to the next.

        Raises:
            LookupError: No posting is left.
        """
        self._before.append((self._require_current(), False))
        self._next()

    def undo(self) -> bool:
        """Go back to the previous posting and remove its label; return False if there is none.

        Raises:
            LabelsError: The label cannot be removed.
        """
        if not self._before:
            return False
        previous, decided = self._before[-1]
        if decided:
            self._file.remove_last()
            self.added -= 1
        self._before.pop()
        if self.current is not None:
            self._after.append(self.current)
        self.current = previous
        return True

    def _require_current(self) -> Candidate:
        if self.current is None:
            raise LookupError("no posting is left")
        return self.current

    def _next(self) -> None:
        if self._after:
            self.current = self._after.pop()
            return
        self.current = next(self._order, None)


def report(labels: Iterable[Label], taxonomy: Taxonomy) -> dict[str, list[dict[str, Any]]]:
    """Summarise labels in tables.

    Args:
        labels: The labels.
        taxonomy: Groups roles into focuses.

    Returns:
        Rows by the table's name. ``agreement`` has a row for each model and way of picking: the number of labels, the
        share on which the person agreed with the predicted focus and role, and for postings picked at random the
        interval of the model's accuracy on all postings without a label (95 %, Wilson 1927). ``roles`` has a row for
        each role. ``corrections`` has a row for each pair of a predicted role and another role that the person chose,
        most frequent first.
    """
    labels = list(labels)
    focus = taxonomy.focus_by_role
    sources = sorted({(label.model, label.picked) for label in labels})
    by_role = Counter(label.role for label in labels)
    changes = Counter((label.guess, label.role) for label in labels if label.guess != label.role)
    return {
        "agreement": [
            _agreement(
                model, picked, [label for label in labels if (label.model, label.picked) == (model, picked)], focus
            )
            for model, picked in sources
        ],
        "roles": [
            {
                "focus": focus[role],
                "role": role,
                "labels": by_role[role],
                "predicted": sum(label.guess == role for label in labels),
                "agreed": sum(label.guess == label.role == role for label in labels),
            }
            for role in taxonomy.role_names
            if by_role[role]
        ],
        "corrections": [
            {"predicted": predicted, "role": role, "labels": count}
            for (predicted, role), count in sorted(changes.items(), key=lambda item: (-item[1], item[0]))
        ],
    }


def _agreement(model: str, picked: Picked, labels: Sequence[Label], focus: Mapping[str, str]) -> dict[str, Any]:
    agreed = sum(label.guess == label.role for label in labels)
    share = agreed / len(labels)
    low = high = None
    if picked is Picked.RANDOM:
        interval = stats.binomtest(agreed, len(labels)).proportion_ci(method="wilson")
        low, high = round(float(interval.low), 4), round(float(interval.high), 4)
    return {
        "model": model,
        "picked": str(picked),
        "labels": len(labels),
        "companies": len({label.company for label in labels}),
        "same_focus": round(sum(focus.get(label.guess) == focus[label.role] for label in labels) / len(labels), 4),
        "same_role": round(share, 4),
        "low": low,
        "high": high,
    }


def _reader(store: Store, version_id: int) -> Callable[[], str]:
    def read() -> str:
        with store.read() as connection:
            return queries.fetch_content(connection, version_id).description

    return read
