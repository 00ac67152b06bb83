"""Connections that reach only the networks they may: the address that answered is what counts.

A name may resolve to a harmless address when it is checked and to another one when it is used. So
the check is made on the connected socket, before the first byte is sent.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

from requests.adapters import DEFAULT_POOLBLOCK, HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from bot.errors import DeliveryError

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address
#: IPv6 addresses that a translator turns into the IPv4 address in their last 32 bits (RFC 6052).
_TRANSLATED = ip_network("64:ff9b::/96")


class ForbiddenAddressError(DeliveryError):
    """A receiver's name leads into a network that it may not lead into."""


def may_reach(address: str, *, networks: Iterable[Network], plain: bool = False) -> bool:
    """Tell whether a receiver may have an address.

    Args:
        address: The address of the connected socket.
        networks: Networks that are allowed although they are not public.
        plain: Whether the connection is not encrypted; then only this machine may be reached.
    """
    seen = _unwrapped(ip_address(address.partition("%")[0]))
    allowed = any(seen in network for network in networks if network.version == seen.version)
    if plain:
        return allowed and seen.is_loopback
    return allowed or (seen.is_global and not seen.is_multicast)


class GuardedAdapter(HTTPAdapter):
    """Carries requests over connections that are closed when they reach a forbidden address.

    Args:
        networks: Networks that are allowed although they are not public.
        width: Connections kept for further requests.
    """

    def __init__(self, *, networks: tuple[Network, ...], width: int) -> None:
        self._networks = networks
        super().__init__(pool_maxsize=width)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = DEFAULT_POOLBLOCK, **options: Any
    ) -> None:
        """Make the pools, with guarded connections in them."""
        super().init_poolmanager(connections, maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _guarded_pool(HTTPConnectionPool, HTTPConnection, self._networks, plain=True),
            "https": _guarded_pool(HTTPSConnectionPool, HTTPSConnection, self._networks),
        }


def _guarded_pool(
    pool: type[Any], connection: type[Any], networks: tuple[Network, ...], *, plain: bool = False
) -> type[Any]:
    def connect(self: Any) -> socket.socket:
        found: socket.socket = connection._new_conn(self)
        address = found.getpeername()[0]
        if not may_reach(address, networks=networks, plain=plain):
            found.close()
            raise ForbiddenAddressError(
                "The receiver's name leads to an address that is not public; if it is right, add "
                'its network to "networks" in the file of webhooks.'
            )
        return found

    guarded = type(f"Guarded{connection.__name__}", (connection,), {"_new_conn": connect})
    return type(f"Guarded{pool.__name__}", (pool,), {"ConnectionCls": guarded})


def _unwrapped(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    inner = address.ipv4_mapped or address.sixtofour
    return inner or (address.teredo[1] if address.teredo else address)
