"""``rolemix reread``: history read again by the present readers."""

from __future__ import annotations

from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import errors, out
from rolemix.publishing.render import as_json


def reread(db: options.Database = options.DEFAULT_DATABASE) -> None:
    """Read pay, places, employment types, dates and facts of all history again, from the words that it keeps.

    Use it after an upgrade that reads better: nothing is crawled, and no
    posting counts as changed. It prints what changed of each attribute.
    """
    with api.open_store(db, existing=True) as store, errors.status("reading …") as status:
        result = api.reread(store, lambda done: status.update(f"reading … {done}"))
    out(as_json(result.to_dict()))
