"""The recruiting systems that the simulator plays: one module each, found by being here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from werkzeug.routing import Map

from simulator.system import System


@cache
def systems() -> MappingProxyType[str, System]:
    """Return every system by its name, in alphabetical order: the ``SYSTEM`` of each module that has one."""
    modules = (import_module(module.name) for module in iter_modules(__path__, f"{__name__}."))
    found = {module.SYSTEM.name: module.SYSTEM for module in modules if hasattr(module, "SYSTEM")}
    return MappingProxyType(dict(sorted(found.items())))


@cache
def url_map() -> Map:
    """Return the rules of every system as one map; compiling them takes longer than most of the requests to them."""
    rules = [rule.empty() for system in systems().values() for rule in system.rules]
    return Map(rules, host_matching=True, strict_slashes=False, merge_slashes=False)
