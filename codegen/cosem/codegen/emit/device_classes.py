"""The classes of a device that are not those of the books: changed, added, and with the types of an object list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from cosem.codegen.emit.classes import ClassWriter, version_name
from cosem.codegen.emit.device_module import (
    FULL,
    DevicePackage,
    Home,
    WrittenClass,
    variant_key,
    variant_name,
)
from cosem.codegen.emit.model import PACKAGE, Series
from cosem.codegen.emit.module import Module
from cosem.codegen.emit.types import TypeWriter
from cosem.codegen.ir.model import InterfaceClass, TypeDef, Version
from cosem.codegen.ir.names import upper
from cosem.codegen.ir.overlay import ObjectRow
from cosem.codegen.passes.scope import Scope, definition_references, expressions, references, shared_types


def write_types(package: DevicePackage) -> None:
    """The shared types that the overlays add or change, and those that use them; what is so below is imported."""
    device = package.device
    shared = shared_types(device.model)
    changed = {name: definition for name, definition in shared.items() if (None, name) in device.types}
    for name in changed:
        package.homes.pop(name, None)
        package.homes.pop(upper(name), None)
    own = _take_types(package, changed)
    series = package.series("types", f"Types of {device.overlay.title}.")
    others = {name: definition for name, definition in shared.items() if name not in own}
    writer = TypeWriter(Scope(own, others), series.more(), package.homes, series.more)
    writer.define_all()
    package.homes |= writer.where
    package.written.types |= {name: (definition, writer.where[name]) for name, definition in own.items()}
    package.finish(series)
    for module in series.modules:
        names = [name for name in own if writer.where[name] is module]
        if names:
            package.export(module.name, names)


def _take_types(package: DevicePackage, changed: dict[str, TypeDef]) -> dict[str, TypeDef]:
    """Offer the types that a package below has here, too; gives the others."""
    below = package.below.types
    same = {name for name, definition in changed.items() if name in below and below[name][0] == definition}
    while True:
        # A type whose elements are others than below is another one.
        other = {
            name
            for name in same
            if any(
                used.name in changed and used.name not in same
                for used in definition_references(changed[name])
            )
        }
        if not other:
            break
        same -= other
    for name in sorted(same):
        definition, module = below[name]
        package.homes[name] = package.homes[upper(name)] = module
        package.written.types[name] = definition, module
        package.export(module.name, [name])
    return {name: definition for name, definition in changed.items() if name not in same}


def write_classes(package: DevicePackage) -> dict[str, Home]:
    """Every class of the device's own; gives the class of each object. What is so below is imported."""
    device = package.device
    found: dict[str, Home] = {}
    for cls in device.model.classes:
        rows = [row for row in device.objects if row.class_id == cls.id]
        own = [version for version in cls.versions if (cls.id, version.number) in device.versions]
        if own or any(variant_key(row) for row in rows):
            found |= _Writer(package, cls).write(own, rows)
        for row in rows:
            if row.name not in found:
                version = next(each for each in cls.versions if each.number == row.version)
                found[row.name] = (PACKAGE, version_name(cls, version))
    return found


class _Writer:
    """Writes what is a device's own of one class."""

    def __init__(self, package: DevicePackage, cls: InterfaceClass) -> None:
        self.package, self.cls = package, cls
        device = package.device
        types = {definition.name: definition for definition in cls.types}
        local = {name: each for name, each in types.items() if (cls.id, name) in device.types}
        books = Module(f"{PACKAGE}.c{PurePosixPath(cls.file).stem}", [], "")
        theirs: dict[str, TypeDef] = {name: each for name, each in types.items() if name not in local}
        self._homes = package.homes | {form(name): books for name in theirs for form in (str, upper)}
        stem, title = (
            f"c{PurePosixPath(cls.file).stem}",
            f"{cls.name} (class {cls.id}) of {device.overlay.title}",
        )
        self.types: Series = package.series(f"{stem}_types", f"{title}: types.")
        self.series = package.series(stem, f"{title}.")
        scope = Scope(local, {**shared_types(device.model), **theirs})
        self.writer = TypeWriter(scope, self.types.more(), self._homes, self.types.more)
        self.writer.define_all()

    def write(self, own: list[Version], rows: list[ObjectRow]) -> dict[str, Home]:
        """Versions that differ from the books, then classes for types that the object list prescribes."""
        found: dict[str, Home] = {}
        versions: dict[int, Home] = {}
        for version in own:
            home = versions[version.number] = self._class(self.cls, version)
            self.package.classes[self.cls.id, version.number] = home
        variants: dict[tuple[int, tuple[tuple[int, str], ...]], Home] = {}
        for row in rows:
            key = variant_key(row)
            if not key:
                if row.version in versions:
                    found[row.name] = versions[row.version]
                continue
            if (row.version, key) not in variants:
                variants[row.version, key] = self._class(*self._variant(row, key))
            found[row.name] = self.package.rows[row.name] = variants[row.version, key]
        self.package.finish(self.types)
        self.package.finish(self.series)
        for module in self.types.modules:
            names = [each for each in self.writer.scope.local if self.writer.where[each] is module]
            if names:
                self.package.export(module.name, names)
        return found

    def _variant(self, row: ObjectRow, key: tuple[tuple[int, str], ...]) -> tuple[InterfaceClass, Version]:
        version = next(each for each in self.cls.versions if each.number == row.version)
        given = {each.index: each.type for each in row.attributes if each.type is not None}
        names = {each.index: each.name for each in version.attributes}
        attributes = tuple(
            replace(each, type=given.get(each.index, each.type)) for each in version.attributes
        )
        python = variant_name(self.cls.python, key, names)
        doc = " ".join(filter(None, (self.cls.doc, "With the types that the object list prescribes.")))
        return replace(self.cls, python=python, doc=doc), replace(version, attributes=attributes)

    def _class(self, cls: InterfaceClass, version: Version) -> Home:
        """Write one class, or take the same one from below."""
        described = self._described(cls, version)
        name = version_name(described, version)
        types = self._types(version)
        made = WrittenClass("", replace(described, versions=(), types=()), version, types)
        known = self.package.below.classes.get(name)
        if known is None or not types.keys().isdisjoint(self.writer.scope.local) or not made.same_as(known):
            # Types stand in modules of their own, so that none of these is in need of a class.
            modules = self.series.modules
            into = modules[-1] if modules and modules[-1].lines < FULL else self.series.more()
            ClassWriter(described, self.writer).write(version, into)
            known = replace(made, module=into.name)
        self.package.written.classes[name] = known
        self.package.export(known.module, [name])
        return known.module, name

    def _types(self, version: Version) -> dict[str, str]:
        """The named types of a version, and the module of each."""
        used = {each.name for expr in expressions(version) for each in references(expr)}
        return {name: home.name for name, home in self._homes.items() if name in used}

    def _described(self, cls: InterfaceClass, version: Version) -> InterfaceClass:
        """The class with what is removed of it, in words."""
        device = self.package.device
        what = f"of class {cls.id} version {version.number}"
        removed = [
            f"{note.element.removesuffix(what).strip().capitalize()} is removed: {note.origin}."
            for note in device.changes
            if note.verb == "remove" and note.element.endswith(what)
        ]
        return replace(cls, doc=" ".join(filter(None, (cls.doc, *removed))))
