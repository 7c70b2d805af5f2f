"""What all modules of a device package share: where they are, where names come from, how constants are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TypeAlias

from cosem.codegen.emit.env import wrapped
from cosem.codegen.emit.model import Series
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.model import EnumDef, InterfaceClass, TypeDef, Version
from cosem.codegen.ir.names import camel, identifier, upper
from cosem.codegen.ir.notation import write_type
from cosem.codegen.ir.overlay import DeviceModel, ObjectRow, Origin
from cosem.codegen.passes.overlay_objects import unit_type

DEVICE = "cosem.core.device"
FULL = 220
"""Lines at which a series of constants goes on in the next module; black makes up to twice as many of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of an object list: the module that it stands in, and what it says, as source."""

    module: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenClass:
    """A class version as a package writes it: what it is made of, and the modules of the types that it names."""

    module: str
    cls: InterfaceClass
    version: Version
    types: Mapping[str, str]

    def same_as(self, other: WrittenClass) -> bool:
        """Whether both are one class, wherever they stand."""
        return replace(self, module=other.module) == other


Home: TypeAlias = tuple[str, str]
"""The module of a class, and its name."""
Listed: TypeAlias = tuple[str, Home, str, str]
"""An object as an attribute: its name, class, code and description."""


@dataclass(slots=True)
class Written:
    """What packages have that those on top of them import: entries of object lists by constant, types and classes by
    name, and classes of objects by the objects that they have.
    """

    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    types: dict[str, tuple[TypeDef, Module]] = field(default_factory=dict[str, tuple[TypeDef, Module]])
    classes: dict[str, WrittenClass] = field(default_factory=dict[str, WrittenClass])
    objects: dict[tuple[Listed, ...], Home] = field(default_factory=dict[tuple[Listed, ...], Home])

    def above(self, other: Written) -> Written:
        """Both; what is here goes first."""
        return Written(
            other.entries | self.entries,
            other.types | self.types,
            other.classes | self.classes,
            other.objects | self.objects,
        )


@dataclass(slots=True)
class DevicePackage:
    """A package on its way out. ``homes`` has the modules of shared types: the books' and the device's own.

    ``below`` is what the packages have that it stands on, ``written`` what it has itself, written here or there.
    ``extended`` says that others stand on it.
    """

    name: str
    device: DeviceModel
    homes: dict[str, Module]
    extended: bool = False
    below: Written = field(default_factory=Written)
    written: Written = field(default_factory=Written)
    unit_type: EnumDef | None = field(init=False)
    units: dict[str, str] = field(default_factory=dict[str, str])
    """Word of the overlays → name of the unit in Python."""
    modules: list[Module] = field(default_factory=list[Module])
    exported: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The names that the package offers, by module."""
    classes: dict[tuple[int, int], Home] = field(default_factory=dict[tuple[int, int], Home])
    """The class versions that are not those of the books."""
    rows: dict[str, Home] = field(default_factory=dict[str, Home])
    """The classes of objects whose types the object list prescribes."""

    def __post_init__(self) -> None:
        self.unit_type = unit_type(self.device.model)

    @property
    def sources(self) -> list[str]:
        """The overlays, as the first line of each file names them."""
        return [source_name(overlay.file) for overlay in self.device.overlays]

    def series(self, stem: str, doc: str) -> Series:
        """Modules ``stem``, ``stem_2``, …"""
        return Series(f"{self.name}.{stem}", self.sources, doc)

    def finish(self, series: Series) -> None:
        """Keep the modules of a series that have something in them."""
        self.modules += [module for module in series.modules if module.blocks]

    def export(self, module: str, names: Sequence[str]) -> None:
        """Let the package offer names of a module, unless another module has offered them: classes may own like-named
        types, of which the first is offered.
        """
        taken = {name for offered in self.exported.values() for name in offered}
        fresh = [name for name in names if name not in taken]
        if fresh:
            self.exported.setdefault(module, []).extend(fresh)


@dataclass(slots=True)
class Constants:
    """Constants, one behind another, over as many modules as they need."""

    series: Series
    groups: list[tuple[Module, str]] = field(default_factory=list[tuple[Module, str]])
    """Each module, with the tuple of all constants in it."""
    _names: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _imported: int = 0

    def room(self) -> Module:
        """The module that takes the next constant."""
        modules = self.series.modules
        # An import is a line, as is each name in the tuple at the end.
        if modules and modules[-1].lines + 2 * self._imported < FULL:
            return modules[-1]
        self._imported = 0
        return self.series.more()

    def take(self, name: str, module: str, into: Module) -> None:
        """Import a constant of another series into the module that :meth:`room` gave."""
        self._names.setdefault(into.name, []).append(into.use(module, name))
        self._imported += 1

    def add(self, name: str, make: str, arguments: Sequence[str], into: Module) -> None:
        """Write one constant into the module that :meth:`room` gave."""
        into.add("constant.py.j2", name=name, make=make, arguments=arguments)
        self._names.setdefault(into.name, []).append(name)

    def close(self, name: str) -> None:
        """End each module with a tuple of its constants, ``name``, ``name_2``, …"""
        taken = {each for names in self._names.values() for each in names}
        for number, module in enumerate(self.series.modules, 1):
            group = name if number == 1 else f"{name}_{number}"
            while group in taken:
                group = f"ALL_{group}"
            module.blocks.append(f"{group} = {tuple_literal(self._names[module.name])}")
            self.groups.append((module, group))


def tuple_literal(items: Iterable[str]) -> str:
    """A tuple of expressions, an item a line; black joins what fits into one."""
    lines = "".join(f"{item},\n" for item in items)
    return f"(\n{lines})"


def text_literal(text: str) -> str:
    """A text, over as many lines as it takes; black leaves long ones as they are."""
    lines = wrapped(text.split())
    return repr(text) if len(lines) == 1 else f"({' '.join(map(repr, lines))})"


def source_name(file: str) -> str:
    """How the first line of a generated file calls an overlay: by its place in the spec, else by its name alone."""
    return f"spec/{file}" if file.startswith("overlays/") else PurePath(file).name


def origin_literal(origin: Origin, into: Module) -> str:
    """An origin as an expression."""
    parts = [repr(origin.overlay), repr(origin.document), *([repr(origin.place)] if origin.place else [])]
    return f"{into.use('cosem.core.origin', 'Origin')}({', '.join(parts)})"


def code_literal(code: str, into: Module) -> str:
    """A logical name as an expression."""
    return f"{into.use('cosem.core.obis', 'LogicalName')}({code!r})"


def object_constant(row: ObjectRow) -> str:
    """The constant that holds an entry of the object list."""
    return upper(row.name)


def variant_key(row: ObjectRow) -> tuple[tuple[int, str], ...]:
    """The types that an entry prescribes, by attribute."""
    return tuple((given.index, write_type(given.type)) for given in row.attributes if given.type is not None)


def variant_name(python: str, key: Sequence[tuple[int, str]], names: Mapping[int, str]) -> str:
    """A class whose attributes have the types that an object list prescribes: ``DataOfLongUnsigned``."""
    parts = [
        ("" if names[index] == "value" else camel(names[index])) + camel(notation) for index, notation in key
    ]
    return f"{python}Of{'And'.join(parts)}"


def python_name(name: str) -> str:
    """The name of an object in Python."""
    return identifier(name)
