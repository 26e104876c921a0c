"""Where a stranger comes from, with and without a proxy between him and us."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection

Address: TypeAlias = IPv4Address | IPv6Address


class Addresses:
    """Tells strangers apart by address; `trusted` are the addresses and networks of our own proxies.

    Anybody can send X-Forwarded-For, and each proxy adds on the right whom it was asked by. So it is read from the
    right, as long as trusted proxies speak: the first address that is none of theirs is the stranger's.
    """

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._trusted = [ip_network(proxy) for proxy in trusted]

    def of(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str:
        """A name for where the request comes from. All of an IPv6 network of one customer (/64) is one stranger."""
        client = connection.scope.get("client")
        if client is None:
            return "address:unknown"
        if not self._trusted:
            return _name(client[0])
        nearest = _parsed(client[0])
        if nearest is None:
            return _name(client[0])
        named = [value.decode("latin-1") for name, value in connection.scope["headers"] if name == b"x-forwarded-for"]
        hops = ",".join(named).split(",")
        while hops and self._is_ours(nearest):
            hop = _parsed(_without_port(hops.pop().strip()))
            if hop is None:
                break
            nearest = hop
        return _name(str(nearest))

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


@lru_cache(maxsize=4096)
def _name(host: str) -> str:
    address = _parsed(host)
    if isinstance(address, IPv6Address):
        return f"address:{ip_network((address, 64), strict=False)}"
    return f"address:{address or host}"


def _parsed(host: str) -> Address | None:
    """An IPv4 address that comes as IPv6 (`::ffff:192.0.2.1`) is an IPv4 address."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _without_port(hop: str) -> str:
    """Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
