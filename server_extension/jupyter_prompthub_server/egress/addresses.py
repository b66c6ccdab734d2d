"""Which network addresses an outgoing request may reach."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Final

__all__ = ["literal", "refusal"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


_NEVER: Final[Sequence[Network]] = _networks(
    "0.0.0.0/8",
    "169.254.0.0/16",  # link-local: cloud metadata
    "168.63.129.16/32",  # Azure's platform, from inside its networks
    "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is Oracle's metadata
    "100.100.100.200/32",  # Alibaba's metadata
    "192.88.99.0/24",  # 6to4 relays
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::/96",  # IPv4-compatible, but for ::1
    "64:ff9b::/96",  # NAT64: an IPv4 address in disguise
    "64:ff9b:1::/48",
    "2001::/32",  # Teredo
    "2002::/16",  # 6to4
    "fd00:ec2::254/128",  # AWS metadata
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
)
"""Refused also where an admin allows private addresses; Python calls several of them global."""


def literal(host: str) -> Address | None:
    """``host`` as an address, when it is one (brackets and zone allowed); None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def refusal(address: Address, *, allow_private: bool) -> str | None:
    """Why the address may not be reached; None when it may."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not (address.version == 6 and address.is_loopback) and any(
        address in network for network in _NEVER if network.version == address.version
    ):
        return f"{address} is a metadata, multicast or reserved address, which is never reached"
    if allow_private or (address.is_global and not address.is_private):
        return None
    return f"{address} is a private address; an admin may allow it for the connection (allow_private_address)"
