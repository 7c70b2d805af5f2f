"""What associations may do with objects: written once for each class and right, and named after them.

So an object list says ``REGISTER_V0_R`` and stays as it is when the class has one attribute more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cosem.codegen.emit.device_module import DEVICE, Constants, DevicePackage
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.model import InterfaceClass, Version
from cosem.codegen.ir.names import upper
from cosem.codegen.ir.overlay import Access

Granted: TypeAlias = Callable[[Access, InterfaceClass, Version, Module], str]
"""Gives the rights of an association to an object as an expression."""


class Rights:
    """The rights that the object list of a package grants."""

    def __init__(self, package: DevicePackage) -> None:
        title = package.device.overlay.title
        doc = f"What associations of {title} may do with objects of each class."
        self.constants = Constants(package.series("access", doc))
        self._homes: dict[str, Module] = {}

    def written(self, access: Access, cls: InterfaceClass, version: Version, into: Module) -> str:
        """In full."""
        return f"{into.use(DEVICE, 'ObjectAccess')}({', '.join(_indices(access, version))})"

    def named(self, access: Access, cls: InterfaceClass, version: Version, into: Module) -> str:
        """By the name of a constant, which is written when it is first asked for."""
        name = _name(access, cls, version)
        if name not in self._homes:
            home = self._homes[name] = self.constants.room()
            self.constants.add(name, home.use(DEVICE, "ObjectAccess"), _indices(access, version), home)
        return into.symbol(self._homes[name], name)


def _name(access: Access, cls: InterfaceClass, version: Version) -> str:
    """``REGISTER_V0_R``; with ``_2RW`` for an attribute that has another right, and ``_M1`` for a method."""
    parts = [access.everywhere, *(f"{index}{right}" for index, right in access.attributes)]
    parts += [f"m{index}" for index in access.methods]
    return f"{upper(cls.python)}_V{version.number}_{'_'.join(parts).replace('-', 'minus').upper()}"


def _indices(access: Access, version: Version) -> list[str]:
    indices = {1: False, **{each.index: each.writable for each in version.attributes}}
    rights = dict.fromkeys(indices, access.everywhere) | dict(access.attributes)
    named = {index for index, _ in access.attributes}
    readable = [index for index, right in rights.items() if "r" in right.replace("none", "")]
    writable = [
        index for index, right in rights.items() if "w" in right and (index in named or indices[index])
    ]
    return [
        f"{what}=frozenset({{{', '.join(map(str, sorted(found)))}}})"
        for what, found in (("readable", readable), ("writable", writable), ("callable", access.methods))
        if found
    ]
