"""Types → annotations and codecs, and the definitions that these need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cosem.codegen.emit.choices import is_union, python_kind, write_order
from cosem.codegen.emit.module import Module
from cosem.codegen.emit.structures import lay_out, octets_literal
from cosem.codegen.emit.wire import TAGGED_FORMATS, minimum_octets, prefix
from cosem.codegen.ir.model import BitsDef, EnumDef, StructureDef, TypeDef
from cosem.codegen.ir.names import camel, snake, upper
from cosem.codegen.ir.notation import write_type
from cosem.codegen.ir.types import (
    FORMATTED_SIZES,
    SIMPLE_TAGS,
    ArrayType,
    Builtin,
    ChoiceType,
    FieldType,
    Named,
    StructureType,
    TypeExpr,
)
from cosem.codegen.passes.scope import Scope

CODECS = "cosem.core.codecs"
MODULE_LINES = 230
"""Where a module is full; what is begun is finished in it, and black adds some lines."""

_UNNAMED = "A structure that the books leave without a name."
_PLAIN = {
    "null-data": "None", "boolean": "bool", "float32": "float", "float64": "float", "octet-string": "bytes",
    "visible-string": "str", "utf8-string": "str",
}  # fmt: skip
_CORE = {
    "bit-string": ("cosem.core.bitstring", "BitString"),
    "compact-array": ("cosem.core.data", "Data"),
    "data": ("cosem.core.data", "Data"),
    "dont-care": ("cosem.core.tags", "DontCare"),
    "profile-buffer": ("cosem.core.rows", "Rows"),
    "LogicalName": ("cosem.core.obis", "LogicalName"),
    "DateTime": ("cosem.core.datetime", "DateTime"),
    "Date": ("cosem.core.datetime", "Date"),
    "Time": ("cosem.core.datetime", "Time"),
}
_CONSTANTS = {
    "data": "DATA", "profile-buffer": "ROWS", "date-time": "TAGGED_DATE_TIME", "date": "TAGGED_DATE",
    "time": "TAGGED_TIME",
}  # fmt: skip


@dataclass(slots=True)
class TypeWriter:
    """Writes the types of one file into ``home``; ``homes`` says where the shared ones are.

    A type without a name of its own is called after the first place that uses it (``hint``). A definition stands behind
    those that it needs; when ``home`` is full, the next ones go to ``more()``. ``where`` has the module of each name.
    """

    scope: Scope
    home: Module
    homes: Mapping[str, Module]
    more: Callable[[], Module]
    where: dict[str, Module] = field(default_factory=dict[str, Module])
    _codecs: dict[TypeExpr, str] = field(default_factory=dict[TypeExpr, str])
    _classes: dict[TypeExpr, str] = field(default_factory=dict[TypeExpr, str])

    def annotation(self, expr: TypeExpr, into: Module, hint: str) -> str:
        """The Python type of a value, as module ``into`` writes it."""
        match expr:
            case Builtin(name=name):
                core = _CORE.get(TAGGED_FORMATS.get(name, name))
                return into.use(*core) if core else _PLAIN.get(name, "int")
            case Named(name=name, kind=kind):
                self.ready(Named(name, kind), hint)
                return self.symbol(name, into)
            case ArrayType(element=element):
                return f"list[{self.annotation(element, into, f'{hint}Item')}]"
            case StructureType():
                self.ready(expr, hint)
                return self.symbol(self._classes[expr], into)
            case ChoiceType() if not is_union(expr, self.scope):
                return into.use("cosem.core.data", "Data")
            case ChoiceType(alternatives=alternatives):
                found = [self.annotation(alternative, into, hint) for alternative in alternatives]
                return " | ".join(sorted(found, key=lambda text: text == "None"))

    def codec(self, expr: TypeExpr, into: Module, hint: str) -> str:
        """The constant that holds a type's codec, as module ``into`` writes it."""
        self.ready(expr, hint)
        match expr:
            case Builtin(name=name, size=size) if size is None or name in FORMATTED_SIZES:
                return into.use(CODECS, _CONSTANTS.get(name) or upper(name))
            case Named(name=name) if not self._is_carried_otherwise(expr):
                return self.symbol(upper(name), into)
            case _:
                return self.symbol(self._codecs[expr], into)

    def ready(self, expr: TypeExpr, hint: str) -> None:
        """Make sure that whatever a type needs is written."""
        match expr:
            case Builtin(name=name, size=size) if size is None or name in FORMATTED_SIZES:
                return
            case Named(name=name):
                if name in self.scope.local and name not in self.where:
                    self._write(self.scope.local[name])
                if not self._is_carried_otherwise(expr):
                    return
            case _:
                pass
        if expr not in self._codecs:
            self._codecs[expr] = self._write_unnamed(expr, hint)

    def define_all(self) -> None:
        """Write every named type of the file."""
        for name, definition in self.scope.local.items():
            if name not in self.where:
                self._write(definition)

    def fresh(self, name: str, *forms: Callable[[str], str]) -> str:
        """Settle what ``forms`` make of ``name``, numbered if it was given before; gives the numbered name."""
        candidate, number = name, 1
        while any(form(candidate) in self.where or form(candidate) in self.home.own for form in forms):
            number += 1
            candidate = f"{name}{number}"
        self.settle(*(form(candidate) for form in forms))
        return candidate

    def settle(self, *names: str) -> None:
        """Decide where names will stand: in ``home``, or in the next module if that is full."""
        if self.home.lines > MODULE_LINES:
            self.home = self.more()
        self.where |= dict.fromkeys(names, self.home)

    def symbol(self, name: str, into: Module) -> str:
        """A name that was settled here or is shared, as module ``into`` writes it."""
        home = self.where.get(name) or self.homes[name]
        return into.symbol(home, name)

    def _is_carried_otherwise(self, named: Named) -> bool:
        """Whether an enumeration is carried by another tag here than its definition says."""
        definition = self.scope[named.name]
        return isinstance(definition, EnumDef) and named.base not in (None, definition.carrier)

    def _write(self, definition: TypeDef) -> None:
        doc = _doc(definition)
        if isinstance(definition, StructureDef):
            for item in definition.fields:
                self.ready(item.type, f"{definition.name}{camel(item.name)}")
        self.settle(definition.name, upper(definition.name))
        match definition:
            case EnumDef():
                self._write_enum(definition, doc)
            case BitsDef():
                self._write_bits(definition, doc)
            case StructureDef(name=name, fields=fields):
                self._write_structure(name, fields, doc, name)

    def _write_enum(self, definition: EnumDef, doc: str) -> None:
        tag = SIMPLE_TAGS[definition.carrier]
        self.home.add(
            "enum.py.j2",
            name=definition.name,
            doc=doc,
            base=self.home.use("cosem.core.enums", "OpenEnum"),
            members=[(upper(member.name), member.number, member.doc) for member in definition.members],
            unit=definition.unit,
            symbols={member.number: member.symbol for member in definition.members if member.symbol},
            constant=upper(definition.name),
            codec=self.home.use("cosem.core.codec", "Codec"),
            make=f"{self.home.use(CODECS, 'enum_codec')}({definition.name}{'' if tag == 22 else f', {tag}'})",
        )

    def _write_bits(self, definition: BitsDef, doc: str) -> None:
        digits = (definition.width + 3) // 4
        self.home.add(
            "bits.py.j2",
            name=definition.name,
            doc=doc,
            base=self.home.use("cosem.core.bits", "Bits"),
            classvar=self.home.use("typing", "ClassVar"),
            width=definition.width,
            members=[
                (upper(member.name), f"0x{definition.mask(member):0{digits}X}", member.name, member.doc)
                for member in definition.members
            ],
            constant=upper(definition.name),
            codec=self.home.use("cosem.core.codec", "Codec"),
            make=f"{self.home.use(CODECS, 'bits_codec')}({definition.name}, {SIMPLE_TAGS[definition.tag]})",
        )

    def _write_structure(self, name: str, fields: tuple[FieldType, ...], doc: str, notation: str) -> None:
        home = self.home
        layout = lay_out(name, fields, self)
        home.add(
            "structure.py.j2",
            name=name,
            snake=snake(name),
            constant=upper(name),
            doc=doc,
            notation=notation,
            base=home.use("cosem.core.structures", "Structure"),
            codec=home.use("cosem.core.codec", "Codec"),
            limits=home.use("cosem.core.limits", "Limits"),
            make=home.use("cosem.core.structures", "structure_codec"),
            layout=layout,
        )

    def _write_unnamed(self, expr: TypeExpr, hint: str) -> str:
        """Write the codec of an array, a string of fixed size, an inline structure, a choice; gives its name."""
        match expr:
            case ArrayType(element=element):
                self.ready(element, f"{hint}Item")
                name = self.fresh(f"ARRAY_OF_{self._codec_name(element)}", str)
                inner = self.codec(element, self.home, f"{hint}Item")
                make, arguments = "array_codec", f"{inner}, {minimum_octets(element, self.scope)}"
            case Builtin(name=builtin, size=size):
                name = self.fresh(f"{upper(builtin)}_{size}", str)
                make, arguments = f"{snake(builtin)}_codec", str(size)
            case Named(name=named, base=str(base)):
                name = self.fresh(f"{upper(named)}_IN_{upper(base)}", str)
                make, arguments = "enum_codec", f"{self.symbol(named, self.home)}, {SIMPLE_TAGS[base]}"
            case StructureType(fields=fields):
                for item in fields:
                    self.ready(item.type, f"{hint}{camel(item.name)}")
                name = self._classes[expr] = self.fresh(hint, str, upper)
                self._write_structure(name, fields, _UNNAMED, write_type(expr))
                return upper(name)
            case ChoiceType(alternatives=alternatives):
                for alternative in alternatives:
                    self.ready(alternative, hint)
                name = self.fresh(hint, upper)
                self._write_choice(expr, name, hint)
                return upper(name)
            case _:
                raise AssertionError(expr)
        annotation = self.annotation(expr, self.home, hint)
        codec = self.home.use("cosem.core.codec", "Codec")
        self.home.blocks.append(f"{name}: {codec}[{annotation}] = {self.home.use(CODECS, make)}({arguments})")
        return name

    def _codec_name(self, expr: TypeExpr) -> str:
        """What a type's codec is called, wherever it is."""
        match expr:
            case Builtin(name=name, size=size) if size is None or name in FORMATTED_SIZES:
                return _CONSTANTS.get(name) or upper(name)
            case Named(name=name) if not self._is_carried_otherwise(expr):
                return upper(name)
            case _:
                return self._codecs[expr]

    def _write_choice(self, choice: ChoiceType, name: str, hint: str) -> None:
        home = self.home
        union = is_union(choice, self.scope)
        codecs = {expr: self.codec(expr, home, hint) for expr in choice.alternatives}
        home.add(
            "choice.py.j2",
            snake=snake(name),
            constant=upper(name),
            notation=write_type(choice),
            annotation=self.annotation(choice, home, hint),
            union=union,
            codec=home.use("cosem.core.codec", "Codec"),
            make=home.use("cosem.core.structures", "choice_codec"),
            limits=home.use("cosem.core.limits", "Limits") if union else "",
            error=home.use("cosem.core.errors", "DecodeError") if union else "",
            data="" if union else home.use(CODECS, "DATA"),
            described=[codecs[expr] for expr in choice.alternatives],
            reads=[(self._starts(expr, choice), codecs[expr]) for expr in choice.alternatives],
            writes=[
                (self._test(expr, hint), codecs[expr]) for expr in write_order(choice, self.scope)
            ] if union else [],
        )  # fmt: skip

    def _starts(self, expr: TypeExpr, choice: ChoiceType) -> str:
        """The condition that octets at ``p`` are of ``expr``: the tag alone where it is enough."""
        head = prefix(expr, self.scope)
        tags = [prefix(alternative, self.scope)[:1] for alternative in choice.alternatives]
        if head and tags.count(head[:1]) == 1:
            return f"b[p] == {head[0]}"
        return f"b.startswith({octets_literal(head)}, p)"

    def _test(self, expr: TypeExpr, hint: str) -> str:
        """The condition that a value is one of ``expr``."""
        kind = python_kind(expr, self.scope)
        if kind == "None":
            return "value is None"
        cls = "list" if kind == "list" else self.annotation(expr, self.home, hint)
        return f"isinstance(value, {cls})"


def _doc(definition: TypeDef) -> str:
    doc = definition.doc or f"{camel(definition.name)} of the object model."
    return doc if definition.confidence == "high" else f"{doc} Confidence: {definition.confidence}."
