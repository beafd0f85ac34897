"""The address guard: private addresses are refused."""

from __future__ import annotations

import asyncio

import pytest

from crawler.politeness.address_guard import PrivateAddress, refuse_private


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "::1", "192.168.0.1"])
def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(PrivateAddress, match="not a public address"):
        asyncio.run(refuse_private(host))
