"""The layout of BER readers and writers, for ACSE: elements are told apart by their tags, in any order."""

from __future__ import annotations

from cosem.codegen.emit.apdu_types import Grammar, dataclass_order, enumeration_expression, python_name
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.apdu import (
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Sequence,
)
from cosem.codegen.ir.names import camel, snake, upper

_SHARED = "cosem.core.messages"
_BER = "cosem.core.ber"
_EXPLICIT = 0x20
_SHORT = "b[p + 2 : end] if b[p] == {} and b[p + 1] == length - 2 < 0x80 else "
"""The content of an inner element with a length of one octet, as nearly all have; what follows is for the others."""


class BerBody:
    """Statements and expressions for the BER definitions of one module."""

    def __init__(self, grammar: Grammar, module: Module) -> None:
        self.grammar = grammar
        self.module = module
        self.tables: list[str] = []

    def shared(self, name: str) -> str:
        return self.module.use(_SHARED, name)

    def tag(self, component: Component) -> int:
        """The identifier octet: context class, constructed where something is inside."""
        assert component.tag is not None
        inside = component.explicit or isinstance(self.grammar.resolved(component.type), Sequence)
        return 0x80 | component.tag | (_EXPLICIT if inside else 0)

    def read(self, definition: Definition) -> list[str]:
        """The statements of a sequence's reader."""
        assert isinstance(definition.type, Sequence)
        components = definition.type.components
        length = self.module.use(_BER, "read_length")
        incomplete = self.module.use("cosem.core.errors", "IncompleteError")
        lines = [
            "length = b[p]",
            "p += 1",
            "if length >= 0x80:",
            f"    length, p = {length}(b, p - 1, len(b))",
            "stop = p + length",
            "if stop > len(b):",
            f'    raise {incomplete}("the message ends early", offset=len(b))',
        ]
        for each in components:
            kind = self.grammar.annotation(each.type, self.module)
            lines.append(f"{python_name(each)}: {kind} | None = None")
        lines += [
            "while p < stop:",
            "    tag = b[p]",
            "    length = b[p + 1]",
            "    p += 2",
            "    if length >= 0x80:",
            f"        length, p = {length}(b, p - 1, stop)",
            "    end = p + length",
        ]
        for index, each in enumerate(sorted(components, key=lambda each: each.note.rare)):
            name = python_name(each)
            lines += [
                f"    {'elif' if index else 'if'} tag == {self.tag(each):#04x}:",
                f"        if {name} is not None:",
                f'            raise {self.shared("twice")}(p, "{each.name}")',
                *(f"        {line}" for line in self.known_content(each, definition, name)),
            ]
        lines += ["    else:", f"        {self.shared('check_skipped')}(tag, p)", "    p = end"]
        # Only the last element can end too far, so one look behind the loop is enough.
        lines += [
            "if p != stop:",
            f'    raise {incomplete}("an element ends behind the message", offset=stop)',
        ]
        for each in components:
            if not each.may_be_absent:
                lines += [
                    f"if {python_name(each)} is None:",
                    f'    raise {self.shared("missing")}(stop, "{each.name}")',
                ]
        arguments = ", ".join(python_name(each) for each in dataclass_order(components))
        return [*lines, f"return {camel(definition.name)}({arguments}), stop"]

    def known_content(self, component: Component, definition: Definition, target: str) -> list[str]:
        """The same as ``content``, but from the table where it is there."""
        lines = self.content(component, target)
        if self.is_choice_of_members(component):
            self.add_choice_table(definition, component)
        elif not self.has_table(component):
            return lines
        look = f"{target} = {self.table(definition, component)}_CONTENTS.get(b[p:end])"
        return [look, f"if {target} is None:", *(f"    {line}" for line in lines)]

    def content(self, component: Component, target: str) -> list[str]:
        """Read one component from ``b[p:end]``, ``length`` octets."""
        kind = component.type
        match self.grammar.resolved(kind):
            case OctetString():
                return [f"{target} = {self.inside(component, 4)}"]
            case Primitive("ANY"):
                return [f"{target} = b[p:end]"]
            case Primitive():
                return [f"{target} = {self.integer(component)}"]
            case ObjectIdentifier():
                table = self.grammar.table(kind, self.module)
                return [f"octets = {self.inside(component, 6)}", f"{target} = {table}.get(octets, octets)"]
            case Enumeration():
                table, name = self.grammar.table(kind, self.module), self.grammar.name(kind, self.module)
                return [
                    f"number = {self.integer(component)}",
                    f"{target} = {enumeration_expression(table, name, 'number')}",
                ]
            case BitString(None, _):
                return [f"{target} = {self.shared('read_bits')}(b[p:end])"]
            case BitString(size, _):
                name = self.grammar.name(kind, self.module)
                flags = f"{self.shared('read_flags')}(b[p:end], {size})"
                return [f"{target} = {name}({flags})"]
            case Sequence():
                return [f"{target} = {self.grammar.name(kind, self.module)}(b[p:end])"]
            case Choice(components):
                reader = f"{self.grammar.function('read', kind, self.module)}(b, p, end)"
                return [f"{target} = {self.short(self.tag(components[0]), components[0])}{reader}"]
            case other:
                raise AssertionError(other)

    def inside(self, component: Component, tag: int) -> str:
        if not component.explicit:
            return "b[p:end]"
        return f"{_SHORT.format(tag)}{self.shared('inner')}(b, p, end, {tag})"

    def short(self, tag: int, component: Component) -> str:
        """The quick way for the usual alternative of a choice, if that one is plain octets."""
        return _SHORT.format(tag) if self.is_octets(component) else ""

    def is_octets(self, component: Component) -> bool:
        """Whether an alternative is octets without anything around them."""
        return isinstance(self.grammar.resolved(component.type), OctetString) and not component.explicit

    def integer(self, component: Component) -> str:
        if component.explicit:
            return f"{self.shared('inner_integer')}(b, p, end)"
        return f"{self.module.use(_BER, 'read_integer')}(b, p, end)"

    def read_choice(self, definition: Definition) -> list[str]:
        """The statements of a choice's reader, from ``b[p:end]``."""
        assert isinstance(definition.type, Choice)
        error = self.module.use("cosem.core.errors", "DecodeError")
        lines = [
            "start = p",
            "tag = b[p]",
            "length = b[p + 1]",
            "p += 2",
            "if length >= 0x80:",
            f"    length, p = {self.module.use(_BER, 'read_length')}(b, p - 1, end)",
            "if p + length != end:",
            f'    raise {error}("the alternative ends elsewhere than what holds it", offset=p)',
        ]
        for each in definition.type.components:
            *before, last = self.content(each, "value")
            lines += [
                f"if tag == {self.tag(each):#04x}:",
                *(f"    {line}" for line in before),
                f"    return {last.removeprefix('value = ')}",
            ]
        path = snake(definition.name).replace("_", "-")
        return [*lines, f'raise {self.shared("no_alternative")}(tag, start + 1, "{path}")']

    def write(self, definition: Definition) -> list[str]:
        """The statements of a sequence's ``encode``; they put the elements together in ``content``."""
        assert isinstance(definition.type, Sequence)
        lines = ['content = b""']
        for each in definition.type.components:
            name = python_name(each)
            element = self.known(each, definition, name)
            lines.append(f"{name} = self.{name}")
            if each.may_be_absent:
                lines += [f"if {name} is not None:", f"    content += {element}"]
            else:
                lines.append(f"content += {element}")
        return lines

    def has_table(self, component: Component) -> bool:
        """Whether the usual values are few enough to keep their whole elements at hand."""
        kind = self.grammar.resolved(component.type)
        named = isinstance(kind, ObjectIdentifier | Enumeration) or (
            isinstance(kind, BitString) and kind.size is not None
        )
        return named and not component.note.rare

    def table(self, definition: Definition, component: Component) -> str:
        return f"_{upper(definition.name)}_{upper(component.name)}"

    def add_tables(self, definition: Definition, component: Component) -> None:
        """Each usual value with its element, and the content of each such element with its value."""
        kind = self.grammar.resolved(component.type)
        name, table = self.grammar.name(component.type, self.module), self.table(definition, component)
        values = name
        if isinstance(kind, BitString):
            values = f"({', '.join(f'{name}.{upper(bit.name)}' for bit in kind.bits)},)"
        element = self.element(component, "each", octets="each.octets")
        self.tables.append(f"{table} = {{each: {element} for each in {values}}}")
        self.tables.append(f"{table}_CONTENTS = {{octets[2:]: each for each, octets in {table}.items()}}")

    def is_choice_of_members(self, component: Component) -> bool:
        """Whether a value is a member of one of several enumerations."""
        kind = self.grammar.resolved(component.type)
        return isinstance(kind, Choice) and all(
            isinstance(self.grammar.resolved(each.type), Enumeration) for each in kind.components
        )

    def add_choice_table(self, definition: Definition, component: Component) -> None:
        """The content of each usual element with its value. Not the other way round: members may be equal numbers."""
        kind = self.grammar.resolved(component.type)
        assert isinstance(kind, Choice)
        enumerations = ", ".join(f"*{self.grammar.name(each.type, self.module)}" for each in kind.components)
        writer = self.grammar.function("write", component.type, self.module)
        table = f"{self.table(definition, component)}_CONTENTS"
        values = self.grammar.annotation(component.type, self.module)
        self.tables.append(
            f"{table}: dict[bytes, {values}] = {{{writer}(each): each for each in ({enumerations})}}"
        )

    def known(self, component: Component, definition: Definition, path: str) -> str:
        """The expression of one element, from the table where it is there."""
        if not self.has_table(component):
            return self.element(component, path)
        self.add_tables(definition, component)
        table = self.table(definition, component)
        if isinstance(self.grammar.resolved(component.type), ObjectIdentifier):
            foreign, other = (
                self.element(component, path, octets=path),
                self.element(component, path, octets=f"{path}.octets"),
            )
            return f"{foreign} if isinstance({path}, bytes) else {table}.get({path}) or {other}"
        return f"{table}.get({path}) or {self.element(component, path)}"

    def element(self, component: Component, path: str, *, octets: str = "") -> str:
        """The expression of one element, tag included; ``octets`` are those of an object identifier."""
        kind = component.type
        tag = f"{self.tag(component):#04x}"
        match self.grammar.resolved(kind):
            case OctetString():
                return self.outside(component, tag, 4, path)
            case Primitive("ANY"):
                return f"{self.shared('element')}({tag}, {path})"
            case ObjectIdentifier():
                return self.outside(
                    component, tag, 6, octets or f"{path} if isinstance({path}, bytes) else {path}.octets"
                )
            case Primitive() | Enumeration() if component.explicit:
                return f"{self.shared('explicit_integer')}({tag}, {path})"
            case Primitive() | Enumeration():
                return f"{self.shared('element')}({tag}, {self.module.use(_BER, 'write_integer')}({path}))"
            case BitString(None, _):
                return f"{self.shared('element')}({tag}, {self.module.use(_BER, 'write_bit_string')}({path}))"
            case BitString(size, _):
                assert size is not None
                unused = -size % 8
                shifted = f"({path} << {unused})" if unused else path
                head = bytes((unused,))
                return f"{self.shared('element')}({tag}, {head!r} + {shifted}.to_bytes({(size + 7) // 8}))"
            case Sequence():
                return f"{self.shared('element')}({tag}, {path}.content)"
            case Choice(components):
                writer = self.grammar.function("write", kind, self.module)
                whole = f"{self.shared('element')}({tag}, {writer}({path}))"
                if not self.is_octets(components[0]):
                    return whole
                short = f"{self.shared('explicit')}({tag}, {self.tag(components[0]):#04x}, {path})"
                return f"{short} if isinstance({path}, bytes) else {whole}"
            case other:
                raise AssertionError(other)

    def outside(self, component: Component, tag: str, inner: int, octets: str) -> str:
        if component.explicit:
            return f"{self.shared('explicit')}({tag}, {inner}, {octets})"
        return f"{self.shared('element')}({tag}, {octets})"

    def write_choice(self, definition: Definition) -> list[str]:
        """The statements of a choice's writer."""
        assert isinstance(definition.type, Choice)
        *most, last = definition.type.components
        lines: list[str] = []
        for each in most:
            lines += [
                f"if isinstance(value, {self.python(each.type)}):",
                f"    return {self.element(each, 'value')}",
            ]
        return [*lines, f"return {self.element(last, 'value')}"]

    def python(self, kind: AsnType) -> str:
        return self.grammar.annotation(kind, self.module)
