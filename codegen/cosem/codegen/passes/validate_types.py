"""The rules about types: names, members, what uses what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from cosem.codegen.errors import Span
from cosem.codegen.ir.model import BitsDef, EnumDef, InterfaceClass, Member, Model, StructureDef, TypeDef
from cosem.codegen.ir.names import identifier, is_camel, is_snake, upper
from cosem.codegen.ir.types import (
    FORMATTED_SIZES,
    SIMPLE_TAGS,
    ChoiceType,
    FieldType,
    Named,
    StructureType,
    TypeExpr,
)
from cosem.codegen.passes.rules import Report
from cosem.codegen.passes.scope import (
    Scope,
    definition_references,
    expressions,
    references,
    shared_types,
    walk,
)

_KINDS: dict[type[TypeDef], str] = {EnumDef: "enum", BitsDef: "bits", StructureDef: "structure"}
_RANGES = {
    "enum": (0, 0xFF),
    "unsigned": (0, 0xFF),
    "integer": (-0x80, 0x7F),
    "long-unsigned": (0, 0xFFFF),
    "long": (-0x8000, 0x7FFF),
    "double-long-unsigned": (0, 0xFFFF_FFFF),
}
_BIT_WORDS = frozenset({"WIDTH", "NAMES"})
_CORE_WORDS = """
    AttributeSpec BitString Bits ClassVar Codec CosemObject Data DecodeError DontCare EncodeError Limits
    Mapping MethodCall MethodSpec OpenEnum ReadOnly ReadWrite Rows Selection Struct
"""
_TAKEN = frozenset([*FORMATTED_SIZES, *_CORE_WORDS.split()])
_CODECS = frozenset(upper(name) for name in [*SIMPLE_TAGS, *FORMATTED_SIZES, "data", "rows"])


class TypeRules:
    """What holds for the types of one file, seen in its scope.

    ``foreign`` names the types that other class files own, and those files.
    """

    def __init__(self, scope: Scope, foreign: Mapping[str, str], report: Report) -> None:
        self.scope = scope
        self.foreign = foreign
        self.report = report

    def definition(self, definition: TypeDef) -> None:
        """Check a definition and the types in it."""
        name = definition.name
        if not is_camel(name):
            self.report("M008", definition.span, f"{name!r} is no CamelCase name")
        elif upper(name) == name:
            self.report("M008", definition.span, f"{name} has capitals only; its codec is called so")
        elif name in _TAKEN or upper(name) in _CODECS:
            self.report("M008", definition.span, f"{name} is taken: it has a meaning of its own")
        if not (definition.fields if isinstance(definition, StructureDef) else definition.members):
            self.report("M020", definition.span, f"nothing is in {name}; add to it, or remove it")
        match definition:
            case StructureDef():
                self._fields(definition.fields)
                for field in definition.fields:
                    self.expression(field.type)
                if name in self._inside(definition, frozenset()):
                    self.report("M012", definition.span, f"{name} contains itself")
            case EnumDef():
                low, high = _RANGES[definition.carrier]
                self._members(definition.members, low, high, frozenset())
                for member in definition.members:
                    if member.symbol is not None and not definition.unit:
                        self.report("M017", member.span, f"{name} is no unit; only 'unit' has symbols")
            case BitsDef():
                self._members(definition.members, 0, definition.width - 1, _BIT_WORDS)

    def expression(self, expr: TypeExpr) -> None:
        """Check a type where it is used."""
        for part in walk(expr):
            match part:
                case Named():
                    self._reference(part)
                case StructureType(fields=fields):
                    self._fields(fields)
                case ChoiceType(alternatives=alternatives):
                    if len(set(alternatives)) != len(alternatives):
                        self.report("M014", part.span, "the choice has the same alternative twice")
                case _:
                    pass

    def _reference(self, used: Named) -> None:
        found = self.scope.find(used.name)
        if found is None:
            self.report("M009", used.span, self._unknown(used.name))
        elif _KINDS[type(found)] != used.kind:
            kind = _KINDS[type(found)]
            right = used.name if kind == "structure" else f"{kind} {used.name}"
            self.report("M010", used.span, f"{used.name} is {_article(kind)}; write {right!r}")

    def _unknown(self, name: str) -> str:
        if name in self.foreign:
            return f"{name} belongs to {self.foreign[name]}; move it to spec/types to share it"
        close = get_close_matches(name, self.scope.names(), 1)
        return f"no type is called {name}" + (f"; did you mean {close[0]}?" if close else "")

    def _fields(self, fields: Iterable[FieldType]) -> None:
        taken: dict[str, Span] = {}
        for field in fields:
            if not is_snake(field.name):
                self.report("M006", field.span, f"{field.name!r} is not in snake_case")
            name = identifier(field.name)
            if name in taken:
                self.report("M007", field.span, f"field {name} stands here twice")
            taken.setdefault(name, field.span)

    def _members(self, members: Iterable[Member], low: int, high: int, words: frozenset[str]) -> None:
        taken: dict[str, int] = {}
        for member in members:
            if not is_snake(member.name):
                self.report("M006", member.span, f"{member.name!r} is not in snake_case")
            if not low <= member.number <= high:
                self.report("M013", member.span, f"{member.number} is not from {low} to {high}")
            name = upper(member.name)
            if name in words:
                self.report("M013", member.span, f"{member.name!r} has a meaning of its own")
            if name in taken:
                self.report("M013", member.span, f"{member.name} is {taken[name]} already")
            taken.setdefault(name, member.number)

    def _inside(self, definition: TypeDef, seen: frozenset[str]) -> Iterator[str]:
        for used in definition_references(definition):
            found = self.scope.find(used.name)
            yield used.name
            if found is not None and used.name not in seen:
                yield from self._inside(found, seen | {used.name})


def check_files(model: Model, report: Report) -> None:
    """The files of shared types: each definition, names across files, and which file uses which."""
    home: dict[str, str] = {}
    rules = TypeRules(
        Scope({}, shared_types(model)),
        {owned.name: cls.file for cls in model.classes for owned in cls.types},
        report,
    )
    for file in model.types:
        for definition in file.types:
            if definition.name in home:
                report(
                    "M008",
                    definition.span,
                    f"{definition.name} is defined in {home[definition.name]} already",
                )
            home.setdefault(definition.name, file.file)
            rules.definition(definition)
    uses: dict[str, dict[str, Span]] = {file.file: {} for file in model.types}
    for file in model.types:
        for definition in file.types:
            for used in definition_references(definition):
                target = home.get(used.name)
                if target is not None and target != file.file:
                    uses[file.file].setdefault(target, used.span)
    for user, targets in uses.items():
        for target, span in targets.items():
            if _reaches(uses, target, user, frozenset()):
                report("M018", span, f"{user} uses {target}, which uses {user}; put them into one file")


def check_local_names(model: Model, classes: Iterable[InterfaceClass], report: Report) -> None:
    """A class file's own types take no name that is shared or that the class itself has."""
    shared = {definition.name: file.file for file in model.types for definition in file.types}
    for cls in classes:
        own = {cls.python, *(f"{cls.python}V{version.number}" for version in cls.versions)}
        for definition in cls.types:
            if definition.name in shared:
                text = f"{definition.name} is shared already, in {shared[definition.name]}"
                report("M008", definition.span, text)
            if definition.name in own:
                report("M008", definition.span, f"{definition.name} is the Python name of the class")


def check_used(model: Model, report: Report) -> None:
    """Every definition is reached from a class."""
    shared = shared_types(model)
    reached: set[str] = set()
    for cls in model.classes:
        local = {definition.name: definition for definition in cls.types}
        found = _closure(
            (expr for version in cls.versions for expr in expressions(version)), Scope(local, shared)
        )
        reached |= found - local.keys()
        for name in local.keys() - found:
            report("M011", local[name].span, f"{name} is defined but not used")
    for name in shared.keys() - reached:
        report("M011", shared[name].span, f"{name} is defined but no class uses it")


def _closure(exprs: Iterable[TypeExpr], scope: Scope) -> set[str]:
    reached: set[str] = set()
    waiting = [used.name for expr in exprs for used in references(expr)]
    while waiting:
        name = waiting.pop()
        definition = scope.find(name)
        if name not in reached and definition is not None:
            reached.add(name)
            waiting.extend(used.name for used in definition_references(definition))
    return reached


def _reaches(uses: Mapping[str, Mapping[str, Span]], start: str, goal: str, seen: frozenset[str]) -> bool:
    return start == goal or any(
        _reaches(uses, step, goal, seen | {start}) for step in uses[start] if step not in seen
    )


def _article(kind: str) -> str:
    return {"enum": "an enumeration", "bits": "a set of bits", "structure": "a structure"}[kind]
