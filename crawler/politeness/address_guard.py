"""The address guard: no request goes to a private address, whoever gave or redirected to it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket


class PrivateAddress(Exception):
    """A request was not sent, because its address is not public."""


async def refuse_private(host: str) -> None:
    """Refuse a host that is, or resolves to, an address that is not public: private, loopback, link-local.

    Args:
        host: A host name or an IP address. A name that cannot be resolved is left for the download to report.

    Raises:
        PrivateAddress: The host's address is not public.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
            raise PrivateAddress(f"{host} is not a public address ({address[0]})")
