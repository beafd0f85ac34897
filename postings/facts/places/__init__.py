"""Places and work models: a board's words for where work is done, kept as they are and resolved to what they mean."""

from postings.facts.places.model_words import Model
from postings.facts.places.parts import distinct_places, place_in, place_words, resolve_places
from postings.facts.places.reading import ResolvedPlace, country_code, country_name, read_places, split_places
from postings.facts.places.titles import places_in_title
from postings.facts.places.work_model import WorkModel, posting_work_model, read_work_model, work_model

__all__ = [
    "Model",
    "ResolvedPlace",
    "WorkModel",
    "country_code",
    "country_name",
    "distinct_places",
    "place_in",
    "place_words",
    "places_in_title",
    "posting_work_model",
    "read_places",
    "read_work_model",
    "resolve_places",
    "split_places",
    "work_model",
]
