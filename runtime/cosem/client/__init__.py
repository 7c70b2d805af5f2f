"""The client: connect to a meter, learn it, read it, write it.

Names are imported when they are first asked for: who never connects on asyncio does not load it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosem.client.aio import AsyncClient, connect, connect_with
    from cosem.client.blocking import Client, connect_blocking, connect_blocking_with
    from cosem.client.discovery import AccessRights, MeterObject
    from cosem.client.options import ConnectOptions
    from cosem.client.profiles import Column, Profile
    from cosem.client.push import decode_push
    from cosem.session.association import AssociationOptions
    from cosem.session.authentication import NO_AUTHENTICATION, Authentication
    from cosem.session.targets import AttributeTarget, MethodTarget
    from cosem.transport.engines import LinkOptions

__all__ = [
    "NO_AUTHENTICATION",
    "AccessRights",
    "AssociationOptions",
    "AsyncClient",
    "AttributeTarget",
    "Authentication",
    "Client",
    "Column",
    "ConnectOptions",
    "LinkOptions",
    "MeterObject",
    "MethodTarget",
    "Profile",
    "connect",
    "connect_blocking",
    "connect_blocking_with",
    "connect_with",
    "decode_push",
]

if not TYPE_CHECKING:
    _HOMES = {
        "cosem.client.aio": ("AsyncClient", "connect", "connect_with"),
        "cosem.client.blocking": ("Client", "connect_blocking", "connect_blocking_with"),
        "cosem.client.discovery": ("AccessRights", "MeterObject"),
        "cosem.client.options": ("ConnectOptions",),
        "cosem.client.profiles": ("Column", "Profile"),
        "cosem.client.push": ("decode_push",),
        "cosem.session.association": ("AssociationOptions",),
        "cosem.session.authentication": ("NO_AUTHENTICATION", "Authentication"),
        "cosem.session.targets": ("AttributeTarget", "MethodTarget"),
        "cosem.transport.engines": ("LinkOptions",),
    }
    _HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

    def __getattr__(name: str) -> object:
        from importlib import import_module

        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(home), name)
        globals()[name] = value
        return value
