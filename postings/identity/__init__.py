"""The same job seen several times: on several boards, in several places, or under a new id.

Pure functions over `Job` records of one company. They return `Link` records, each with its ground, a score and the
words that show it. Groups and counts follow from links, so that a merge is undone by leaving its link out.
"""

from postings.identity.groups import groups
from postings.identity.links import find_mirrors, find_requisitions
from postings.identity.records import Ground, Job, Link, Relation, job_of
from postings.identity.reposts import find_reposts
from postings.identity.units import count

__all__ = [
    "Ground",
    "Job",
    "Link",
    "Relation",
    "count",
    "find_mirrors",
    "find_reposts",
    "find_requisitions",
    "groups",
    "job_of",
]
