"""Tagging the store: every version of every posting gets the role that a model predicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from classifier.model.tagger import Tagger
from postings import JobPosting
from postings.store import Store, queries, tags
from postings.store.records import RoleChange, StoredTag


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ModelComparison:
    """How the tags of a model differ from those of an earlier one.

    Attributes:
        model: The earlier model.
        compared: The number of versions that both models have tagged.
        changes: How many of them changed from which role to which, most frequent first.
    """

    model: str
    compared: int
    changes: tuple[RoleChange, ...]

    @property
    def changed(self) -> int:
        """The number of versions whose role changed."""
        return sum(change.versions for change in self.changes)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RetagResult:
    """What tagging the complete store with one model did.

    Attributes:
        model: The model.
        tagged: The number of versions that it had not tagged before.
        versions: The number of versions in the store, all of which have its tag now.
        comparisons: A comparison with each other model whose tags are in the store, by name.
    """

    model: str
    tagged: int
    versions: int
    comparisons: tuple[ModelComparison, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "model": self.model,
            "tagged": self.tagged,
            "versions": self.versions,
            "comparisons": [
                {
                    "model": comparison.model,
                    "compared": comparison.compared,
                    "changed": comparison.changed,
                    "changes": [dataclasses.asdict(change) for change in comparison.changes],
                }
                for comparison in self.comparisons
            ],
        }


def retag(store: Store, tagger: Tagger, progress: Callable[[int, int], None] = lambda done, total: None) -> RetagResult:
    """Tag every version of every posting with one model, and compare its tags with those of other models.

    Tags of other models are kept. An interrupted run continues where it stopped, and a second run changes nothing.

    Args:
        store: The store to read postings from and write tags to.
        tagger: The model.
        progress: Called at the start and after each batch with the number tagged so far and the number to tag.
    """
    with store.read() as connection:
        missing = queries.count_untagged(connection, tagger.model)
    progress(0, missing)
    tagged = tag_new(store, tagger, lambda done: progress(done, max(done, missing)))
    with store.read() as connection:
        versions = {found.model: found.versions for found in queries.fetch_models(connection)}
        comparisons = tuple(
            _compare(model, queries.count_role_changes(connection, model, tagger.model))
            for model in versions
            if model != tagger.model
        )
    return RetagResult(
        model=tagger.model, tagged=tagged, versions=versions.get(tagger.model, 0), comparisons=comparisons
    )


def _compare(model: str, pairs: list[RoleChange]) -> ModelComparison:
    return ModelComparison(
        model=model,
        compared=sum(pair.versions for pair in pairs),
        changes=tuple(pair for pair in pairs if pair.before != pair.after),
    )


def tag_new(store: Store, tagger: Tagger, progress: Callable[[int], None] = lambda done: None) -> int:
    """Tag every version that the model has not tagged yet; tags of other models are kept.

    Args:
        store: The store to read postings from and write tags to.
        tagger: The model.
        progress: Called after each batch with the number tagged so far.

    Returns:
        The number of versions tagged.
    """
    info = tagger.info
    done = 0
    with store.read() as connection:
        for batch in queries.stream_untagged(connection, info.name):
            predicted = tagger.tag(as_row(version.posting) for version in batch)
            stored = [
                (
                    version.version_id,
                    StoredTag(
                        model=info.name,
                        taxonomy=info.taxonomy.version,
                        role=tag.role,
                        focus=info.taxonomy.focus_by_role[tag.role] if tag.role else None,
                        confidence=tag.confidence,
                        roles=tag.roles,
                    ),
                )
                for version, tag in zip(batch, predicted, strict=True)
            ]
            tags.record(store, stored)
            done += len(stored)
            progress(done)
    return done


def as_row(posting: JobPosting) -> dict[str, str]:
    """Return a posting as a row for the tagger."""
    return {
        "id": posting.identifier,
        "title": posting.title,
        "company": posting.hiring_organization or "",
        "description": posting.description,
    }
