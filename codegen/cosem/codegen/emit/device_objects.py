"""The object list of a device: an entry each, and a class whose attributes are the objects, typed."""

from __future__ import annotations

from collections.abc import Mapping

from cosem.codegen.emit.device_access import Granted, Rights
from cosem.codegen.emit.device_module import (
    DEVICE,
    Constants,
    DevicePackage,
    Entry,
    Home,
    object_constant,
    origin_literal,
    python_name,
    tuple_literal,
)
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.names import upper
from cosem.codegen.ir.notation import write_type
from cosem.codegen.ir.overlay import Column, ObjectRow, Prescribed
from cosem.codegen.passes.overlay_objects import unit_member

_TOGETHER = 60
"""Objects in one class; a longer list is a class that goes on from another."""


def write_object_list(package: DevicePackage) -> Constants:
    """The entries, each under the name of its object; what a list that this one stands on says is imported from it."""
    device = package.device
    constants = Constants(package.series("object_list", f"The object list of {device.overlay.title}."))
    rights = Rights(package)
    for row in device.objects:
        name, into = object_constant(row), constants.room()
        known = package.below.entries.get(name)
        entry = (
            Entry(into.name, _said(row, package, rights)) if known is not None or package.extended else None
        )
        if known is not None and entry is not None and known.said == entry.said:
            constants.take(name, known.module, into)
            entry = known
        else:
            constants.add(
                name, into.use(DEVICE, "DeviceObject"), _entry(row, package, into, rights.named), into
            )
        if entry is not None:
            package.written.entries[name] = entry
    constants.close("OBJECTS")
    package.finish(rights.constants.series)
    package.finish(constants.series)
    return constants


def _said(row: ObjectRow, package: DevicePackage, rights: Rights) -> tuple[str, ...]:
    """What an entry says, in full; it is written beside, so that nothing is imported for it."""
    return (_unit_home(row, package), *_entry(row, package, Module("", [], ""), rights.written))


def _unit_home(row: ObjectRow, package: DevicePackage) -> str:
    """The module of the units that an entry names; empty if it names none."""
    definition = package.unit_type
    named = definition is not None and any(given.unit for given in row.attributes)
    return package.homes[definition.name].name if definition is not None and named else ""


def _entry(row: ObjectRow, package: DevicePackage, into: Module, granted: Granted) -> list[str]:
    cls = next(each for each in package.device.model.classes if each.id == row.class_id)
    version = next(each for each in cls.versions if each.number == row.version)
    arguments = [
        repr(row.name),
        f"{into.use(DEVICE, 'ObisPattern')}({row.pattern.text!r})",
        str(row.class_id),
        str(row.version),
        origin_literal(row.origin, into),
    ]
    if not row.mandatory:
        arguments.append("mandatory=False")
    if row.attributes:
        given = (f"{each.index}: {_prescribed(each, package, into)}" for each in row.attributes)
        arguments.append(f"attributes={{{', '.join(given)}}}")
    if row.columns:
        arguments.append(f"columns={tuple_literal(_column(each, into) for each in row.columns)}")
    if row.variants:
        arguments.append(f"variants=({', '.join(map(repr, row.variants))},)")
    if row.access:
        rights = (f"{each.association!r}: {granted(each, cls, version, into)}" for each in row.access)
        arguments.append(f"access={{{', '.join(rights)}}}")
    return arguments


def write_objects(package: DevicePackage, classes: Mapping[str, Home]) -> None:
    """The class that has the objects as attributes; ``classes`` is the class of each.

    A list that begins as one that it stands on goes on from its class.
    """
    overlay, rows = package.device.overlay, package.device.objects
    series = package.series("objects", f"The objects of {overlay.title}.")
    listed = tuple((row.name, classes[row.name], row.pattern.text, _doc(row)) for row in rows)
    below = package.below.objects
    same = max((len(known) for known in below if listed[: len(known)] == known), default=0)
    base = below[listed[:same]] if same else None
    groups = [rows[at : at + _TOGETHER] for at in range(same, len(rows), _TOGETHER)] or [()]
    for number, group in enumerate(groups, 1):
        into = series.more()
        last = number == len(groups)
        name = overlay.python if last else f"{overlay.python}Objects{number}"
        doc = (
            " ".join(filter(None, (f"{overlay.title}.", overlay.doc)))
            if last
            else f"Objects of {overlay.title}."
        )
        into.add(
            "device_objects.py.j2",
            name=name,
            base=into.use(*base) if base else "",
            doc=doc,
            classvar=into.use("typing", "ClassVar") if any(not _open(row) for row in group) else "",
            pattern=into.use(DEVICE, "ObisPattern") if any(_open(row) for row in group) else "",
            rows=[_row(row, classes[row.name], into) for row in group],
        )
        base = (into.name, name)
        same += len(group)
        package.written.objects[listed[:same]] = base
    package.finish(series)
    package.export(series.modules[-1].name, [overlay.python])


def unit_literal(word: str, package: DevicePackage, into: Module) -> str:
    """A unit as an expression."""
    if word not in package.units:
        member = unit_member(package.device.model, word)
        assert member is not None
        package.units[word] = upper(member.name)
    return f"{unit_class(package, into)}.{package.units[word]}"


def unit_class(package: DevicePackage, into: Module) -> str:
    """The enumeration of units: the device's own, or that of the books."""
    definition = package.unit_type
    assert definition is not None
    return into.symbol(package.homes[definition.name], definition.name)


def _doc(row: ObjectRow) -> str:
    facts = [
        f"{row.pattern.text}, class {row.class_id} version {row.version}, "
        f"{'mandatory' if row.mandatory else 'optional'}.",
        row.doc,
        f"{row.origin}.",
    ]
    return " ".join(filter(None, facts))


def _row(row: ObjectRow, home: Home, into: Module) -> dict[str, object]:
    cls = into.use(*home)
    letters = _open(row)
    return {
        "python": python_name(row.name),
        "cls": cls,
        "code": row.pattern.text,
        "parameters": ", ".join(f"{letter}: int" for letter in letters),
        "arguments": ", ".join(f"{letter}={letter}" for letter in letters),
        "doc": _doc(row),
    }


def _open(row: ObjectRow) -> str:
    """The letters of the groups that admit more than one number."""
    return "".join(
        letter for letter, group in zip("abcdef", row.pattern.groups, strict=True) if len(group) > 1
    )


def _prescribed(given: Prescribed, package: DevicePackage, into: Module) -> str:
    facts = [
        f"type={write_type(given.type)!r}" if given.type is not None else "",
        f"value={given.fixed}" if given.fixed else "",
        f"scaler={given.scaler}" if given.scaler is not None else "",
        f"unit={unit_literal(given.unit, package, into)}" if given.unit else "",
    ]
    return f"{into.use(DEVICE, 'Prescribed')}({', '.join(filter(None, facts))})"


def _column(column: Column, into: Module) -> str:
    arguments = [
        f"{into.use(DEVICE, 'ObisPattern')}({column.pattern.text!r})",
        str(column.class_id),
        str(column.index),
        *([str(column.element)] if column.element else []),
    ]
    return f"{into.use(DEVICE, 'DeviceColumn')}({', '.join(arguments)})"
