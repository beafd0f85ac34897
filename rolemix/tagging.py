"""Tagging what is in the store: every version of every posting gets the model's word on its role."""

from __future__ import annotations

from collections.abc import Callable

from classifier.tagger import Tagger
from postings import JobPosting
from postings.store import Store, queries, tags
from postings.store.records import Tag


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
        for batch in queries.untagged(connection, tagger.model):
            said = tagger.tag(as_row(version.posting) for version in batch)
            pairs = [
                (
                    version.version_id,
                    Tag(
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
