"""The layout of A-XDR writers: one expression, runs of fixed-size fields merged into one Struct."""

from __future__ import annotations

from cosem.codegen.emit.apdu_read import BIT_FORMATS, Structs, ber_head, format_size
from cosem.codegen.emit.apdu_types import Grammar, neighbours, python_name
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.apdu import (
    INTEGERS,
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    OctetString,
    Primitive,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.names import camel, upper

_CONCATENATED = 4
"""So many parts are put together faster by ``+`` than by ``join``."""


class WriteBody:
    """The expression that writes one element; ``lines`` are statements that must come before it."""

    def __init__(self, grammar: Grammar, module: Module, structs: Structs) -> None:
        self.grammar = grammar
        self.module = module
        self.structs = structs
        self.lines: list[str] = []
        self.names = {"self", "value", "item", "error"}
        self.parts: list[str] = []
        self.run: list[tuple[str, str]] = []

    def fixed(self, format: str, value: str) -> None:
        self.run.append((format, value))

    def constant(self, octets: bytes) -> None:
        for octet in octets:
            self.fixed("B", str(octet))

    def flush(self) -> None:
        if not self.run:
            return
        if all(value.isdigit() for _, value in self.run):
            self.parts.append(repr(bytes(int(value) for _, value in self.run)))
        else:
            whole = "".join(format for format, _ in self.run)
            arguments = ", ".join(value for _, value in self.run)
            self.parts.append(f"{self.structs.pack(whole)}({arguments})")
        self.run.clear()

    def part(self, expression: str) -> None:
        self.flush()
        self.parts.append(expression)

    def expression(self) -> str:
        """All parts, put together."""
        self.flush()
        if not self.parts:
            return 'b""'
        if len(self.parts) <= _CONCATENATED:
            return " + ".join(self.parts)
        return f'b"".join(({", ".join(self.parts)}))'

    def local(self, path: str) -> str:
        """A local variable for a path that is used more than once."""
        if "." not in path:
            return path
        candidate = name = path.rpartition(".")[2]
        index = 2
        while name in self.names:
            name, index = f"{candidate}_{index}", index + 1
        self.names.add(name)
        self.lines.append(f"{name} = {path}")
        return name

    def value(self, kind: AsnType, path: str) -> None:
        """Write the value that ``path`` names."""
        resolved = self.grammar.resolved(kind)
        match resolved:
            case Primitive("NULL"):
                pass
            case Primitive("Data"):
                self.part(f"{path}.octets")
            case Primitive("REMAINDER"):
                self.part(path)
            case Primitive(name):
                self.fixed(INTEGERS.get(name, "?"), path)
            case OctetString(None):
                name = self.local(path)
                self.part(f"{self.module.use('cosem.core.lengths', 'write_length')}(len({name}))")
                self.part(name)
            case OctetString(size):
                name = self.local(path)
                check = self.module.use("cosem.core.messages", "checked_size")
                self.lines.append(f"if len({name}) != {size}:")
                self.lines.append(f'    {check}({name}, {size}, "{name.replace("_", "-")}")')
                self.fixed(f"{size}s", name)
            case Enumeration():
                self.fixed("B", path)
            case BitString(size, _):
                definition = self.grammar.target(kind)
                assert definition is not None
                assert size is not None
                if head := ber_head(definition):
                    self.fixed(f"{len(head)}s", repr(head))
                self.bits(size, self.local(path))
            case Sequence(components):
                name = self.local(path)
                self.components(resolved, name)
            case SequenceOf(element):
                name = self.local(path)
                self.part(f"{self.module.use('cosem.core.lengths', 'write_length')}(len({name}))")
                self.part(self.items(element, name))
            case Choice(components):
                self.choice(kind, components, path)
            case _:
                raise AssertionError(resolved)

    def bits(self, size: int, name: str) -> None:
        *most, last = BIT_FORMATS[size]
        low = format_size(last) * 8
        for format in most:
            self.fixed(format, f"{name} >> {low}")
        self.fixed(last, f"{name} & {(1 << low) - 1:#x}" if most else name)

    def items(self, element: AsnType, name: str) -> str:
        match self.grammar.resolved(element):
            case Enumeration():
                return f"bytes({name})"
            case Choice():
                return f'b"".join([{self.grammar.function("write", element, self.module)}(item) for item in {name}])'
            case Sequence():
                return f'b"".join([item.encode() for item in {name}])'
            case Primitive("Data"):
                return f'b"".join([item.octets for item in {name}])'
            case other:
                raise AssertionError(other)

    def components(self, sequence: Sequence, owner: str) -> None:
        """Every field of a sequence."""
        for group in neighbours(sequence.components):
            if len(group) > 1:
                self.usually_absent(group, owner, sequence)
            else:
                self.component(group[0], owner, sequence)

    def usually_absent(self, components: list[Component], owner: str, sequence: Sequence) -> None:
        """Neighbours that may all be absent: written at once if they are, one by one if any is there."""
        single = WriteBody(self.grammar, self.module, self.structs)
        absent: list[str] = []
        for each in components:
            name = self.local(f"{owner}.{python_name(each)}")
            absent.append(
                f"{name} is None" if each.default is None else name if each.default else f"not {name}"
            )
            single.optional(each, name)
        self.part(f"({bytes(len(components))!r} if {' and '.join(absent)} else {single.expression()})")

    def component(self, component: Component, owner: str, sequence: Sequence) -> None:
        path = f"{owner}.{python_name(component)}"
        if component.condition:
            name = self.local(path)
            self.presence(component, owner, name, sequence)
            self.part(f'(b"" if {name} is None else {self.alone(component.type, name, b"")})')
        elif component.may_be_absent or component.default is not None:
            self.optional(component, self.local(path))
        else:
            self.value(component.type, path)

    def optional(self, component: Component, name: str) -> None:
        """A presence octet, and the value if there is one."""
        if component.default is not None:
            absent = name if component.default else f"not {name}"
            self.part(f'(b"\\x00" if {absent} else {self.alone(component.type, name, bytes((1,)))})')
        else:
            self.fixed("?", f"{name} is not None")
            self.part(f'(b"" if {name} is None else {self.alone(component.type, name, b"")})')

    def presence(self, component: Component, owner: str, name: str, sequence: Sequence) -> None:
        field, member = self.grammar.condition(component, sequence)
        error = self.module.use("cosem.core.errors", "EncodeError")
        kind = self.grammar.name(field.type, self.module)
        path = f"{owner}.{python_name(field)}"
        self.lines.append(f"if ({name} is None) is ({path} == {kind}.{upper(member.name)}):")
        rule = f"present exactly when {field.name} is {member.name}"
        self.lines.append(f'    raise {error}("{rule}", path="{component.name}")')

    def alone(self, kind: AsnType, name: str, head: bytes) -> str:
        """The expression of one value behind constant octets, for use inside a conditional."""
        body = WriteBody(self.grammar, self.module, self.structs)
        body.constant(head)
        match self.grammar.resolved(kind):
            case Sequence():
                body.part(f"{name}.encode()")
            case SequenceOf(element):
                body.part(f"{self.module.use('cosem.core.lengths', 'write_length')}(len({name}))")
                body.part(body.items(element, name))
            case Choice(components) if not self.grammar.is_simple(kind):
                body.choice(kind, components, name)
            case Choice():
                body.part(f"{self.grammar.function('write', kind, self.module)}({name})")
            case _:
                body.value(kind, name)
        assert not body.lines, body.lines
        return body.expression()

    def choice(self, kind: AsnType, components: tuple[Component, ...], path: str) -> None:
        if not self.grammar.is_simple(kind):
            self.part(f"{self.grammar.function('write', kind, self.module)}({path})")
            return
        self.part(f"({self.alternatives(components, self.local(path))})")

    def alternatives(self, components: tuple[Component, ...], name: str) -> str:
        """A conditional expression over simple alternatives; the last one needs no test."""
        text = ""
        for each in components[:-1]:
            text += f"{self.alternative(each, name)} if {self.test(each, name)} else "
        return text + self.alternative(components[-1], name)

    def alternative(self, component: Component, name: str) -> str:
        assert component.tag is not None
        return self.alone(component.type, name, bytes((component.tag,)))

    def test(self, component: Component, name: str) -> str:
        """Whether a value is of this alternative."""
        kind = self.grammar.annotation(component.type, self.module)
        return f"{name} is None" if kind == "None" else f"isinstance({name}, {kind})"


def encode_body(
    definition: Definition, grammar: Grammar, module: Module, structs: Structs
) -> tuple[list[str], str]:
    """Statements and the expression of a sequence's ``encode``, tags in front included."""
    assert isinstance(definition.type, Sequence), camel(definition.name)
    body = WriteBody(grammar, module, structs)
    if definition.tagged:
        body.fixed("B", "self.tag")
    body.constant(grammar.prefixes.get(definition.name, b""))
    body.components(definition.type, "self")
    expression = body.expression()
    return body.lines, expression
