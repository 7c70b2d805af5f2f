"""Behaviour onto an object of any version: what its class has not is left out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from cosem.server import HostedObject
from cosem.server.hosted import Method, Setter

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def bind_known(
    hosted: HostedObject,
    values: Mapping[str, object] = _NOTHING,
    *,
    setters: Mapping[str, Setter] = _NOTHING,
    methods: Mapping[str, Method] = _NOTHING,
) -> None:
    """The same as :meth:`HostedObject.bind` for what the class has: makers take attributes and methods away."""
    described = hosted.description
    attributes = {spec.name for spec in described.ATTRIBUTES.values()}
    known = {spec.name for spec in described.METHODS.values()}
    hosted.bind(
        {name: value for name, value in values.items() if name in attributes},
        setters={name: setter for name, setter in setters.items() if name in attributes},
        methods={name: method for name, method in methods.items() if name in known},
    )
