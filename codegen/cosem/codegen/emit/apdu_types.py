"""What the APDU emitters ask the grammar: Python types, where they live, tags in front of messages, sizes."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.codegen.emit.module import Module
from cosem.codegen.ir.apdu import (
    INTEGERS,
    ROOT,
    ApduModel,
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    Number,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Reference,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.names import camel, identifier, snake, upper

PACKAGE = "cosem.apdu"


def need(module: Module, home: str, name: str) -> str:
    """The name of something that lives in the module ``home``, imported unless that is this one."""
    return name if home == module.name else module.use(home, name)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The model with what follows from it."""

    model: ApduModel
    definitions: dict[str, Definition]
    homes: dict[str, str]
    prefixes: dict[str, bytes]

    @classmethod
    def of(cls, model: ApduModel) -> Grammar:
        """The grammar of a model without mistakes."""
        definitions = model.definitions
        homes = {name: f"{PACKAGE}.{snake(each.module)}" for name, each in definitions.items()}
        grammar = cls(model, definitions, homes, {})
        for each in definitions.values():
            if each.name == ROOT or (each.note.standalone and isinstance(each.type, Choice)):
                grammar._prefix(each, b"")
        return grammar

    def _prefix(self, choice: Definition, prefix: bytes) -> None:
        for each in _components(choice.type):
            target = self.target(each.type)
            if target is None or each.tag is None:
                continue
            tags = prefix + bytes((each.tag,))
            if isinstance(target.type, Choice):
                self.prefixes[target.name] = tags
                self._prefix(target, tags)
            elif not target.tagged:
                self.prefixes[target.name] = tags

    def target(self, kind: AsnType) -> Definition | None:
        """The definition that a type refers to, if it refers to one."""
        return self.definitions[kind.name] if isinstance(kind, Reference) else None

    def resolved(self, kind: AsnType) -> AsnType:
        """The type behind a reference."""
        while isinstance(kind, Reference):
            kind = self.definitions[kind.name].type
        return kind

    def name(self, kind: AsnType, module: Module) -> str:
        """The Python name of a definition, imported where it lives elsewhere."""
        assert isinstance(kind, Reference), kind
        return need(module, self.homes[kind.name], camel(kind.name))

    def function(self, verb: str, kind: AsnType, module: Module) -> str:
        """``read_x`` or ``write_x`` of a definition."""
        assert isinstance(kind, Reference), kind
        return need(module, self.homes[kind.name], f"{verb}_{snake(kind.name)}")

    def table(self, kind: AsnType, module: Module) -> str:
        """The table of an enumeration's members by number, or of object identifiers by octets."""
        assert isinstance(kind, Reference), kind
        return need(module, self.homes[kind.name], f"{upper(kind.name)}_MEMBERS")

    def annotation(self, kind: AsnType, module: Module) -> str:
        """The Python type."""
        match self.resolved(kind):
            case Primitive(name):
                if name == "Data":
                    return module.use("cosem.core.data", "Data")
                return {"BOOLEAN": "bool", "NULL": "None", "ANY": "bytes", "REMAINDER": "bytes"}.get(
                    name, "int"
                )
            case OctetString():
                return "bytes"
            case BitString(None, _):
                return module.use("cosem.core.bitstring", "BitString")
            case ObjectIdentifier():
                return f"{self.name(kind, module)} | bytes"
            case SequenceOf(element):
                return f"list[{self.annotation(element, module)}]"
            case Choice() as choice if not isinstance(kind, Reference):
                return self.union(choice, module)
            case _:
                return self.name(kind, module)

    def union(self, choice: Choice, module: Module) -> str:
        """The Python types of the alternatives, None last."""
        names = [self.annotation(each.type, module) for each in choice.components]
        return " | ".join(sorted(names, key=lambda name: name == "None"))

    def field_annotation(self, component: Component, module: Module) -> str:
        """The Python type of a field."""
        plain = self.annotation(component.type, module)
        return f"{plain} | None" if component.may_be_absent else plain

    def condition(self, component: Component, sequence: Sequence) -> tuple[Component, Number]:
        """The field on which a conditional one depends, and the member at which that one is present."""
        assert component.condition is not None
        name, member = component.condition
        owner = next(each for each in sequence.components if each.name == name)
        kind = self.resolved(owner.type)
        assert isinstance(kind, Enumeration)
        return owner, next(each for each in kind.numbers if each.name == member)

    def minimum(self, kind: AsnType) -> int:
        """The octets that an A-XDR encoding takes at least."""
        match self.resolved(kind):
            case Primitive(name):
                if name in INTEGERS:
                    return {"B": 1, "H": 2, "I": 4}[INTEGERS[name].upper()]
                return {"NULL": 0, "REMAINDER": 0}.get(name, 1)
            case OctetString(size):
                return 1 if size is None else size
            case BitString(size, _):
                return ((size or 0) + 7) // 8
            case Sequence(components):
                return sum(
                    0
                    if each.condition
                    else 1
                    if each.optional or each.default is not None
                    else self.minimum(each.type)
                    for each in components
                )
            case Choice(components):
                return 1 + min(self.minimum(each.type) for each in components)
            case _:
                return 1

    def is_simple(self, kind: AsnType) -> bool:
        """Whether a choice is so small that its codec stands in line."""
        choice = self.resolved(kind)
        return isinstance(choice, Choice) and not any(
            isinstance(self.resolved(each.type), Sequence | Choice | SequenceOf) for each in choice.components
        )


def python_name(component: Component) -> str:
    """The field of a component."""
    return identifier(snake(component.name))


def dataclass_order(components: tuple[Component, ...]) -> list[Component]:
    """Fields as the dataclass takes them: those with a default behind those without, else as on the wire."""
    return sorted(components, key=lambda each: each.may_be_absent or each.default is not None)


def neighbours(components: tuple[Component, ...]) -> list[list[Component]]:
    """Components in order, neighbours with a presence octet together."""
    groups: list[list[Component]] = []
    flagged = False
    for each in components:
        has_flag = each.optional or each.default is not None
        if has_flag and flagged:
            groups[-1].append(each)
        else:
            groups.append([each])
        flagged = has_flag
    return groups


def _components(kind: AsnType) -> tuple[Component, ...]:
    return kind.components if isinstance(kind, Choice) else ()


def enumeration_expression(table: str, name: str, variable: str) -> str:
    """A member by its number, without the enumeration's slow call where the number is known."""
    return f"{table}[{variable}] if {variable} in {table} else {name}({variable})"
