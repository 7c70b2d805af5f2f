"""The object list and the pushed lists of a device against its classes: what is named is there, and fits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.model import EnumDef, InterfaceClass, Member, Model, StructureDef, Version
from cosem.codegen.ir.names import upper
from cosem.codegen.ir.overlay import Association, ObjectRow, Prescribed, Pushed, TextList
from cosem.codegen.ir.types import FORMATTED_SIZES, Builtin, Named, TypeExpr
from cosem.codegen.passes.narrowing import is_narrower
from cosem.codegen.passes.overlay_columns import ColumnRules
from cosem.codegen.passes.overlay_text import TextRules
from cosem.codegen.passes.rules import Report
from cosem.codegen.passes.scope import Scope, class_scope
from cosem.codegen.passes.validate_types import TypeRules

_INTEGER = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
_HEX = re.compile(r"([0-9A-Fa-f]{2}\s*)*")
_RANGES = {
    "integer": (-(1 << 7), (1 << 7) - 1),
    "unsigned": (0, (1 << 8) - 1),
    "enum": (0, (1 << 8) - 1),
    "long": (-(1 << 15), (1 << 15) - 1),
    "long-unsigned": (0, (1 << 16) - 1),
    "double-long": (-(1 << 31), (1 << 31) - 1),
    "double-long-unsigned": (0, (1 << 32) - 1),
    "long64": (-(1 << 63), (1 << 63) - 1),
    "long64-unsigned": (0, (1 << 64) - 1),
}


def unit_type(model: Model) -> EnumDef | None:
    """The shared enumeration of units."""
    shared = (each for file in model.types for each in file.types)
    return next((each for each in shared if isinstance(each, EnumDef) and each.unit), None)


def unit_member(model: Model, word: str) -> Member | None:
    """The unit that a name, a number or a symbol means, if it is one alone."""
    definition = unit_type(model)
    members = definition.members if definition else ()
    number = int(word) if _INTEGER.fullmatch(word) else None
    found = [each for each in members if each.name == word or each.number == number]
    found = found or [each for each in members if each.symbol == word]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class ObjectRules:
    """Checks what a device lists against the classes that it has."""

    model: Model
    associations: Mapping[str, Association]
    variants: Collection[str]
    mistakes: Mistakes
    _units: dict[str, bool] = field(init=False, default_factory=dict[str, bool])
    """Whether a word means a unit; lists say the same few words thousands of times."""

    def objects(self, rows: Collection[ObjectRow]) -> tuple[ObjectRow, ...]:
        """The rows with fixed values as Python literals and columns resolved; mistakes are noted."""
        columns = ColumnRules(self.model, rows, self.variants, self.mistakes)
        seen: dict[tuple[int, tuple[frozenset[int], ...]], list[ObjectRow]] = {}
        done: list[ObjectRow] = []
        for row in rows:
            alike = seen.setdefault((row.class_id, row.pattern.groups), [])
            twin = next((each for each in alike if each.meets(row)), None)
            if twin is not None:
                self.mistakes.add(row.span, f"{row.name} is {twin.name} at {twin.span}; keep one")
            alike.append(row)
            self._variants(row)
            done.append(columns.resolve(self._object(row)))
        return tuple(done)

    def push(self, lists: Iterable[Pushed], rows: Collection[ObjectRow]) -> tuple[Pushed, ...]:
        """The lists with text telegrams resolved; units are checked, and that no two lists look alike."""
        text = TextRules(self.model, rows, self.mistakes)
        seen: dict[tuple[object, ...], Pushed] = {}
        done: list[Pushed] = []
        for row in lists:
            twin = seen.setdefault(_looks(row), row)
            if twin is not row:
                self.mistakes.add(row.span, f"{row.name} looks like {twin.name}; give it another 'match'")
            for item in () if isinstance(row, TextList) else row.items:
                self._unit(item.unit, item.span)
            done.append(text.resolve(row) if isinstance(row, TextList) else row)
        return tuple(done)

    def _object(self, row: ObjectRow) -> ObjectRow:
        cls = next((each for each in self.model.classes if each.id == row.class_id), None)
        version = next((each for each in cls.versions if each.number == row.version), None) if cls else None
        if cls is None or version is None:
            what = f"class {row.class_id}" + (f" version {row.version}" if cls else "")
            self.mistakes.add(row.span, f"{row.name}: there is no {what}; add_class adds one")
            return row
        attributes = tuple(self._prescribed(each, row, cls, version) for each in row.attributes)
        self._access(row, version)
        return replace(row, attributes=attributes)

    def _prescribed(
        self, given: Prescribed, row: ObjectRow, cls: InterfaceClass, version: Version
    ) -> Prescribed:
        found = next((each for each in version.attributes if each.index == given.index), None)
        if found is None:
            known = ", ".join(f"{each.index} {each.name}" for each in version.attributes)
            self.mistakes.add(given.span, f"{cls.name} has no attribute {given.index}; there are {known}")
            return given
        scope = class_scope(self.model, cls)
        if given.type is not None:
            count = len(self.mistakes.found)
            TypeRules(scope, {}, Report(self.mistakes)).expression(given.type)
            if len(self.mistakes.found) > count:
                return given
            if not given.reason and not is_narrower(given.type, found.type, scope):
                self.mistakes.add(
                    given.span, f"the type of {found.name} is no narrower one; narrow it, or give a 'reason'"
                )
            # A class of its own is made for types that differ; what says nothing new makes none.
            given = replace(given, type=None if given.type == found.type else given.type)
        if (given.scaler is not None or given.unit) and not _is_scaler_unit(found.type, scope):
            self.mistakes.add(given.span, f"{found.name} holds no scaler and unit")
        self._unit(given.unit, given.span)
        if not given.fixed:
            return given
        literal = _literal(given.fixed, given.type or found.type, scope)
        if literal is None:
            self.mistakes.add(
                given.span, f"{given.fixed!r} is no value of {found.name}; give it a plain type first"
            )
        return replace(given, fixed=literal or "")

    def _variants(self, row: ObjectRow) -> None:
        for name in row.variants:
            if name not in self.variants:
                known = ", ".join(self.variants) or "none yet"
                self.mistakes.add(row.span, f"{row.name}: there is no variant {name!r}; there are {known}")

    def _unit(self, word: str, span: Span) -> None:
        if word not in self._units:
            self._units[word] = not word or unit_member(self.model, word) is not None
        if not self._units[word]:
            self.mistakes.add(span, f"{word!r} is no unit, or more than one; write its name or number")

    def _access(self, row: ObjectRow, version: Version) -> None:
        readable = {1, *(each.index for each in version.attributes)}
        writable = {each.index for each in version.attributes if each.writable}
        methods = {each.index for each in version.methods}
        for access in row.access:
            if access.association not in self.associations:
                known = ", ".join(self.associations) or "none yet"
                self.mistakes.add(
                    access.span, f"there is no association {access.association!r}; there are {known}"
                )
            for index, right in access.attributes:
                if index not in readable:
                    self.mistakes.add(access.span, f"{row.name} has no attribute {index}")
                elif "w" in right and index not in writable:
                    self.mistakes.add(
                        access.span, f"attribute {index} of {row.name} is read-only; 'set' its access first"
                    )
            for index in sorted(set(access.methods) - methods):
                self.mistakes.add(access.span, f"{row.name} has no method {index}")


def _looks(row: Pushed) -> tuple[object, ...]:
    """What a list is known by."""
    if isinstance(row, TextList):
        return row.identification, row.codes
    return row.count, row.texts, row.codes, row.described_by, row.coded


def _is_scaler_unit(expr: TypeExpr, scope: Scope) -> bool:
    definition = scope.find(expr.name) if isinstance(expr, Named) else None
    return isinstance(definition, StructureDef) and [field.name for field in definition.fields] == [
        "scaler",
        "unit",
    ]


def _literal(text: str, expr: TypeExpr, scope: Scope) -> str | None:
    """A fixed value as a Python literal; None if the text writes none of the type."""
    match expr:
        case Builtin(name="boolean"):
            return {"true": "True", "false": "False"}.get(text)
        case Builtin(name="visible-string" | "utf8-string"):
            return repr(text)
        case Builtin(name="LogicalName"):
            parts = text.split(".")
            plain = len(parts) == 6 and all(part.isdecimal() and int(part) < 256 for part in parts)
            return repr(bytes(map(int, parts))) if plain else None
        case Builtin(name=name, size=size) if name == "octet-string" or name in FORMATTED_SIZES:
            octets = bytes.fromhex(text) if _HEX.fullmatch(text) else None
            right = octets is not None and len(octets) == (FORMATTED_SIZES.get(name) or size or len(octets))
            return repr(octets) if right else None
        case Builtin(name=name) if name in _RANGES:
            low, high = _RANGES[name]
            return text if _INTEGER.fullmatch(text) and low <= int(text) <= high else None
        case Named(name=name):
            definition = scope.find(name)
            members = definition.members if isinstance(definition, EnumDef) else ()
            words = (text, upper(text).lower())
            return next(
                (str(each.number) for each in members if {each.name, str(each.number)} & {*words}), None
            )
        case _:
            return None
