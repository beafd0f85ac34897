"""Which postings of one board are one requisition in several places."""

from __future__ import annotations

from postings.identity.candidates import pairs_on_one_board
from postings.identity.comparison import Comparison, overlap
from postings.identity.groups import Groups
from postings.identity.records import Ground, Job, Link

_Members = dict[str, list[Job]]


def requisitions(compared: Comparison) -> list[Link]:
    """Return the links of postings on one board, sorted."""
    joined = Groups(job.key for job in compared.jobs)
    # Which of each group's postings are in which place, by the group's root.
    members = {job.key: {label: [job] for label in compared.labels[job.key]} for job in compared.jobs}
    found = []
    for groups in (compared.by_number(), compared.by_title()):
        for one, other in pairs_on_one_board(groups, compared.nearness):
            first, second = joined.root(one.key), joined.root(other.key)
            # One link joins two postings, so that leaving it out parts them; a requisition of ten places has nine.
            if first == second or not (link := compared.one_requisition(one, other)):
                continue
            if link.ground is Ground.REQUISITION or not _meet(members[first], members[second]):
                joined.join(one.key, other.key)
                more, fewer = sorted((members.pop(first), members.pop(second)), key=len, reverse=True)
                for label, listed in fewer.items():
                    more.setdefault(label, []).extend(listed)
                members[joined.root(one.key)] = more
                found.append(link)
    return sorted(found)


def _meet(one: _Members, other: _Members) -> bool:
    """Return whether two groups have postings in one place at one time, which are two openings."""
    fewer, more = sorted((one, other), key=len)
    return any(overlap(mine, its) for label in fewer for mine in fewer[label] for its in more.get(label, ()))
