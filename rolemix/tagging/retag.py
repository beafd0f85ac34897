"""Tagging what is in the store: every version of every posting gets the model's word on its role."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from classifier.model.tagger import Tagger
from postings import JobPosting
from postings.store import Store, queries, tags
from postings.store.records import RoleChange, StoredTag


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What a model says of history, against what another one said before.

    Attributes:
        model: The other model.
        compared: Versions that both have tagged.
        moves: How many of them changed from which role to which; most first.
    """

    model: str
    compared: int
    moves: tuple[RoleChange, ...]

    @property
    def changed(self) -> int:
        """How many versions have another role."""
        return sum(move.versions for move in self.moves)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Retagged:
    """What tagging all of history anew came to.

    Attributes:
        model: The model that tagged.
        tagged: Versions that it had not tagged before.
        versions: Versions in the store, each of which has its tag now.
        against: A record for each other model whose tags are in the store, by name.
    """

    model: str
    tagged: int
    versions: int
    against: tuple[Against, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {
            "model": self.model,
            "tagged": self.tagged,
            "versions": self.versions,
            "against": [
                {
                    "model": one.model,
                    "compared": one.compared,
                    "changed": one.changed,
                    "moves": [dataclasses.asdict(move) for move in one.moves],
                }
                for one in self.against
            ],
        }


def retag(store: Store, tagger: Tagger, progress: Callable[[int, int], None] = lambda done, of: None) -> Retagged:
    """Tag every version of every posting with one model, and compare with what other models said.

    Other models' tags stay. What is interrupted goes on where it stopped, and doing it again changes nothing.

    Args:
        store: Where the postings are and the tags go.
        tagger: The model.
        progress: Called at the beginning and after each batch with how many versions are tagged, and of how many.
    """
    with store.read() as connection:
        missing = queries.count_untagged(connection, tagger.model)
    progress(0, missing)
    tagged = tag_new(store, tagger, lambda done: progress(done, max(done, missing)))
    with store.read() as connection:
        versions = {one.model: one.versions for one in queries.fetch_models(connection)}
        against = tuple(
            _against(queries.count_role_changes(connection, model, tagger.model), model)
            for model in versions
            if model != tagger.model
        )
    return Retagged(model=tagger.model, tagged=tagged, versions=versions.get(tagger.model, 0), against=against)


def _against(pairs: list[RoleChange], model: str) -> Against:
    return Against(
        model=model,
        compared=sum(pair.versions for pair in pairs),
        moves=tuple(pair for pair in pairs if pair.before != pair.after),
    )


def tag_new(store: Store, tagger: Tagger, progress: Callable[[int], None] = lambda done: None) -> int:
    """Tag every version that this model has not tagged yet.

    Args:
        store: Where the postings are and the tags go.
        tagger: The model; tags of other models stay beside its own.
        progress: Called after each batch with the number tagged so far.

    Returns:
        How many versions were tagged.
    """
    done = 0
    with store.read() as connection:
        for batch in queries.stream_untagged(connection, tagger.model):
            said = tagger.tag(as_row(version.posting) for version in batch)
            pairs = [
                (
                    version.version_id,
                    StoredTag(
                        model=tagger.model,
                        taxonomy=tagger.taxonomy_version,
                        role=tag.role,
                        confidence=tag.confidence,
                        roles=tag.roles,
                    ),
                )
                for version, tag in zip(batch, said, strict=True)
            ]
            tags.record(store, pairs)
            done += len(pairs)
            progress(done)
    return done


def as_row(posting: JobPosting) -> dict[str, str]:
    """Return what the tagger reads of a posting."""
    return {
        "id": posting.identifier,
        "title": posting.title,
        "company": posting.hiring_organization or "",
        "description": posting.description,
    }
