"""The recruiting systems that the simulator answers for, one module each.

A module holds ``RULES``: werkzeug rules with a host, whose endpoint is a function that takes the `Visit`
and the parts of the path, and returns the response. Adding a system means adding a module here, its
addresses in `story`, and its name below.
"""

from __future__ import annotations

from werkzeug.routing import Rule

from rolemix.demo.systems import ashby, greenhouse, lever, moka


def rules() -> list[Rule]:
    """Return the rules of every system, unbound."""
    return [rule.empty() for system in (moka, greenhouse, lever, ashby) for rule in system.RULES]
