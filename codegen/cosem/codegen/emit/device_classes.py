"""The classes of a device that are not those of the books: changed, added, and with the types of an object list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from cosem.codegen.emit.classes import ClassWriter, version_name
from cosem.codegen.emit.device_module import FULL, DevicePackage, variant_key, variant_name
from cosem.codegen.emit.model import PACKAGE, Series
from cosem.codegen.emit.module import Module, name_order
from cosem.codegen.emit.types import TypeWriter
from cosem.codegen.ir.model import InterfaceClass, TypeDef, Version
from cosem.codegen.ir.names import upper
from cosem.codegen.ir.overlay import ObjectRow
from cosem.codegen.passes.scope import Scope, definition_references, shared_types


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
            package.export(module, names)


def _take_types(package: DevicePackage, changed: dict[str, TypeDef]) -> dict[str, TypeDef]:
    """Import the types that a package below has, and offer them here, too; gives the others."""
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
    if same:
        title = f"Types that {package.device.overlay.title} has of what it stands on."
        into = Module(f"{package.name}.inherited_types", package.sources, title)
        for name in sorted(same):
            definition, module = below[name]
            package.homes[name] = package.homes[upper(name)] = module
            package.written.types[name] = definition, module
            into.use(module.name, name)
        into.add("exports.py.j2", names=sorted(same, key=name_order))
        package.modules.append(into)
        package.export(into, sorted(same))
    return {name: definition for name, definition in changed.items() if name not in same}


def write_classes(package: DevicePackage) -> dict[str, tuple[str, str]]:
    """Every class of the device's own; gives the module and name of the class of each object."""
    device = package.device
    found: dict[str, tuple[str, str]] = {}
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
        homes = package.homes | {form(name): books for name in theirs for form in (str, upper)}
        stem, title = (
            f"c{PurePosixPath(cls.file).stem}",
            f"{cls.name} (class {cls.id}) of {device.overlay.title}",
        )
        self.types: Series = package.series(f"{stem}_types", f"{title}: types.")
        self.series = package.series(stem, f"{title}.")
        scope = Scope(local, {**shared_types(device.model), **theirs})
        self.writer = TypeWriter(scope, self.types.more(), homes, self.types.more)
        self.writer.define_all()

    def write(self, own: list[Version], rows: list[ObjectRow]) -> dict[str, tuple[str, str]]:
        """Versions that differ from the books, then classes for types that the object list prescribes."""
        found: dict[str, tuple[str, str]] = {}
        versions: dict[int, tuple[str, str]] = {}
        for version in own:
            module, name = self._class(self.cls, version)
            versions[version.number] = (module.name, name)
            self.package.classes[self.cls.id, version.number] = _home(module.name, name)
        variants: dict[tuple[int, tuple[tuple[int, str], ...]], tuple[str, str]] = {}
        for row in rows:
            key = variant_key(row)
            if not key:
                if row.version in versions:
                    found[row.name] = versions[row.version]
                continue
            if (row.version, key) not in variants:
                module, name = self._class(*self._variant(row, key))
                variants[row.version, key] = (module.name, name)
            found[row.name] = variants[row.version, key]
            self.package.rows[row.name] = _home(*found[row.name])
        self.package.finish(self.types)
        self.package.finish(self.series)
        for module in self.types.modules:
            names = [each for each in self.writer.scope.local if self.writer.where[each] is module]
            if names:
                self.package.export(module, names)
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

    def _class(self, cls: InterfaceClass, version: Version) -> tuple[Module, str]:
        """Write one class; types stand in modules of their own, so that none of these is in need of a class."""
        device, writer = self.package.device, self.writer
        what = f"of class {cls.id} version {version.number}"
        removed = [
            f"{note.element.removesuffix(what).strip().capitalize()} is removed: {note.origin}."
            for note in device.changes
            if note.verb == "remove" and note.element.endswith(what)
        ]
        modules = self.series.modules
        into = modules[-1] if modules and modules[-1].lines < FULL else self.series.more()
        described = replace(cls, doc=" ".join(filter(None, (cls.doc, *removed))))
        name = ClassWriter(described, writer).write(version, into)
        self.package.export(into, [name])
        return into, name


def _home(module: str, name: str) -> str:
    """A class as a catalogue names it."""
    return f"{module.rpartition('.')[2]}:{name}"
