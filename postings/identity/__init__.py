"""The same job seen several times: on several boards, in several places, or under a new id.

Pure functions over `Job` records of one company. They return `Link` records, sorted, each with its ground, a score and
the words that show it. Groups and counts follow from links, so that a merge is undone by leaving its link out.

- `job_of` makes a `Job` of a `JobPosting` and when it was seen.
- `find_mirrors`: which postings on several boards are one job. `coverage` tells how much of a board is on another, each
  a `Coverage`.
- `find_requisitions`: which postings of one board are one requisition in several places.
- `find_reposts`: which postings that opened are reposts of ones that closed.
- `find_links`: all three, in the time of one.
- `groups`: which keys are one job by some links.
- `count`: how many there are of a `postings.unit.Unit`.

A `Link` has a `Relation`, how two postings are the same, and a `Ground`, what that rests on.

>>> text = "You tend the lanterns of the northern piers by night, and write down what the lenses need."
>>> own, mirror, elsewhere = (
...     Job(key=key, board=board, identifier=key, title=title, places=(place,), text=text)
...     for key, board, title, place in (
...         ("a", "own.example", "Keeper", "Oslo"),
...         ("b", "vendor.example", "Keeper (m/w/d)", "Oslo, Norway"),
...         ("c", "own.example", "Keeper", "Bergen"),
...     )
... )
>>> jobs = [own, mirror, elsewhere]
>>> links = [*find_mirrors(jobs), *find_requisitions(jobs)]
>>> [(link.first, link.second, str(link.relation), str(link.ground), link.score) for link in links]
[('a', 'b', 'mirror', 'title and place', 1.0), ('a', 'c', 'places', 'text', 1.0)]
>>> groups(["a", "b", "c"], links), groups(["a", "b", "c"], links[:1])
([('a', 'b', 'c')], [('a', 'b'), ('c',)])
>>> [(one.board, one.other, one.found, one.is_whole) for one in coverage(jobs, links[:1])]
[('own.example', 'vendor.example', 1, False), ('vendor.example', 'own.example', 1, True)]
>>> count(jobs, links, Unit.POSTINGS), count(jobs, links, Unit.REQUISITIONS), count(jobs, links, Unit.PLACES)
(3, 1, 2)
"""

from postings.identity.coverage import Coverage, coverage
from postings.identity.groups import groups
from postings.identity.links import find_links, find_mirrors, find_reposts, find_requisitions
from postings.identity.records import Ground, Job, Link, Relation, job_of
from postings.identity.units import count
from postings.unit import Unit

__all__ = [
    "Coverage",
    "Ground",
    "Job",
    "Link",
    "Relation",
    "Unit",
    "count",
    "coverage",
    "find_links",
    "find_mirrors",
    "find_reposts",
    "find_requisitions",
    "groups",
    "job_of",
]
