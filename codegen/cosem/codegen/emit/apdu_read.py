"""The layout of A-XDR readers: straight-line statements, runs of fixed-size fields merged into one Struct."""

from __future__ import annotations

from dataclasses import dataclass, field

from cosem.codegen.emit.apdu_types import (
    Grammar,
    dataclass_order,
    enumeration_expression,
    need,
    neighbours,
    python_name,
)
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
    Reference,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.names import camel

SIZES = {"B": 1, "b": 1, "?": 1, "H": 2, "h": 2, "I": 4, "i": 4}
BIT_FORMATS = {8: ["B"], 16: ["H"], 24: ["B", "H"], 32: ["I"]}
_FEW = 3
"""So many single octets are read faster one by one than through a Struct."""


@dataclass(slots=True)
class Structs:
    """The precompiled Structs that one module needs, by format."""

    unpacked: set[str] = field(default_factory=lambda: set())
    packed: set[str] = field(default_factory=lambda: set())

    def unpack(self, format: str) -> str:
        """The name of the unpack function of a format."""
        self.unpacked.add(format)
        return f"_unpack_{_spelled(format)}"

    def pack(self, format: str) -> str:
        """The name of the pack function of a format."""
        self.packed.add(format)
        return f"_pack_{_spelled(format)}"

    def lines(self) -> list[str]:
        """Their definitions."""
        return [
            *(f'_unpack_{_spelled(each)} = Struct(">{each}").unpack_from' for each in sorted(self.unpacked)),
            *(f'_pack_{_spelled(each)} = Struct(">{each}").pack' for each in sorted(self.packed)),
        ]


def _path(name: str) -> str:
    return name.replace("_", "-")


def _spelled(format: str) -> str:
    return format.replace("?", "z")


def format_size(format: str) -> int:
    """The octets of a format."""
    size = 0
    count = ""
    for letter in format:
        if letter.isdigit():
            count += letter
        elif letter == "s":
            size, count = size + int(count), ""
        else:
            size += SIZES[letter]
    return size


class ReadBody:
    """The statements that read one element from ``b`` at ``p``.

    ``ahead`` counts the octets read since ``p`` was last moved; ``run`` holds fixed-size fields not yet read.
    """

    def __init__(self, grammar: Grammar, module: Module, structs: Structs, ahead: int = 0) -> None:
        self.grammar = grammar
        self.module = module
        self.structs = structs
        self.lines: list[str] = []
        self.depth = 0
        self.ahead = ahead
        self.run: list[tuple[str, str]] = []
        self.checks: list[str] = []
        self.names: set[str] = {"b", "p", "limits", "end", "octets", "error", "count", "item"}
        self.numbers: dict[str, str] = {}

    def say(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def variable(self, name: str) -> str:
        candidate, index = name, 2
        while candidate in self.names:
            candidate, index = f"{name}_{index}", index + 1
        self.names.add(candidate)
        return candidate

    def fixed(self, format: str, name: str) -> str:
        variable = self.variable(name)
        self.run.append((format, variable))
        return variable

    def flush(self) -> None:
        """Read the pending run."""
        formats = [format for format, _ in self.run]
        if len(formats) <= _FEW and set(formats) <= {"B", "?"}:
            for format, variable in self.run:
                test = " != 0" if format == "?" else ""
                self.say(f"{variable} = b[{self.at(self.ahead)}]{test}")
                self.ahead += 1
        elif formats:
            whole = "".join(formats)
            variables = ", ".join(variable for _, variable in self.run)
            comma = "," if len(formats) == 1 else ""
            self.say(f"{variables}{comma} = {self.structs.unpack(whole)}(b, {self.at(self.ahead)})")
            self.ahead += format_size(whole)
        self.run.clear()
        for check in self.checks:
            self.say(check)
        self.checks.clear()

    def sync(self) -> None:
        """Read the pending run and move ``p`` behind it."""
        self.flush()
        if self.ahead:
            self.say(f"p += {self.ahead}")
            self.ahead = 0

    def at(self, ahead: int) -> str:
        return f"p + {ahead}" if ahead else "p"

    def finish(self, expression: str) -> None:
        """Return the value and the position behind it."""
        self.flush()
        self.say(f"return {expression}, {self.at(self.ahead)}")

    def value(self, kind: AsnType, name: str) -> str:
        """Read a value; the expression for it holds once the run is flushed."""
        resolved = self.grammar.resolved(kind)
        match resolved:
            case Primitive(primitive):
                return self.primitive(primitive, name)
            case OctetString(None):
                self.sync()
                variable = self.variable(name)
                self.say(f"{variable}, p = {self.module.use('cosem.core.lengths', 'read_octets')}(b, p)")
                return variable
            case OctetString(size):
                return self.fixed(f"{size}s", name)
            case Enumeration():
                number = self.fixed("B", name)
                self.numbers[name] = number
                table = self.grammar.table(kind, self.module)
                return enumeration_expression(table, self.grammar.name(kind, self.module), number)
            case BitString():
                return self.bits(kind, resolved, name)
            case Sequence():
                target = self.grammar.target(kind)
                assert target is not None
                return self.sequence(target)
            case SequenceOf(element):
                return self.sequence_of(element, name)
            case Choice(components):
                return self.choice(kind, components, name)
            case _:
                raise AssertionError(resolved)

    def primitive(self, primitive: str, name: str) -> str:
        if primitive in INTEGERS:
            return self.fixed(INTEGERS[primitive], name)
        if primitive == "BOOLEAN":
            return self.fixed("?", name)
        if primitive == "NULL":
            return "None"
        self.sync()
        variable = self.variable(name)
        if primitive == "REMAINDER":
            self.say(f"{variable} = b[p:]")
            self.say("p = len(b)")
        else:
            assert primitive == "Data"
            data = self.module.use("cosem.core.data", "Data")
            sizes = self.module.use("cosem.core.messages", "DATA_OCTETS")
            skip = self.module.use("cosem.core.walk", "skip")
            self.say(f"octets = {sizes}[b[p]]")
            self.say(f"end = p + octets if octets else {skip}(b, p, limits)")
            self.say("if end > len(b):")
            self.say("    raise IndexError")
            self.say(f"{variable} = {data}(b[p:end])")
            self.say("p = end")
        return variable

    def bits(self, kind: AsnType, bits: BitString, name: str) -> str:
        definition = self.grammar.target(kind)
        assert definition is not None
        assert bits.size is not None
        if head := ber_head(definition):
            assert len(head) == format_size("I"), head
            mark = self.fixed("I", f"{name}_head")
            error = self.module.use("cosem.core.errors", "DecodeError")
            where = self.at(self.ahead + format_size("".join(each for each, _ in self.run)) - len(head))
            self.checks += [
                f"if {mark} != {int.from_bytes(head):#x}:",
                f'    raise {error}("no {definition.name} begins here", offset={where}, path="{_path(name)}")',
            ]
        formats = BIT_FORMATS[bits.size]
        parts = [
            self.fixed(format, f"{name}_{index}" if index else name) for index, format in enumerate(formats)
        ]
        low = format_size(formats[-1]) * 8
        number = parts[0] if len(parts) == 1 else f"{parts[0]} << {low} | {parts[1]}"
        return f"{self.grammar.name(kind, self.module)}({number})"

    def sequence(self, definition: Definition) -> str:
        """The fields of a sequence, in line, and its constructor."""
        sequence = definition.type
        assert isinstance(sequence, Sequence)
        values: dict[str, str] = {}
        for group in neighbours(sequence.components):
            if len(group) > 1:
                values |= self.usually_absent(group)
            else:
                values[group[0].name] = self.component(group[0], sequence)
        arguments = [values[each.name] for each in dataclass_order(sequence.components)]
        if definition.tagged:
            arguments.insert(0, "b[start]")
        name = need(self.module, self.grammar.homes[definition.name], camel(definition.name))
        return f"{name}({', '.join(arguments)})"

    def component(self, component: Component, sequence: Sequence) -> str:
        name = python_name(component)
        if component.condition:
            owner, member = self.grammar.condition(component, sequence)
            number = self.numbers[python_name(owner)]
            return self.conditional(component, f"{number} == {member.value}", None)
        if component.optional or component.default is not None:
            flag = self.fixed("B", f"has_{name}")
            return self.conditional(component, flag, flag)
        return self.value(component.type, name)

    def usually_absent(self, components: list[Component]) -> dict[str, str]:
        """Neighbours that may all be absent: looked at together first, and one by one if any is there."""
        self.sync()
        variables = {each.name: self.absent(each) for each in components}
        self.say(f"if b[p : p + {len(components)}] == {bytes(len(components))!r}:")
        self.say(f"    p += {len(components)}")
        self.say("else:")
        self.depth += 1
        for each in components:
            flag = self.fixed("B", f"has_{python_name(each)}")
            self.sync()
            self.present(each, flag, flag, variables[each.name])
        self.depth -= 1
        return variables

    def conditional(self, component: Component, condition: str, flag: str | None) -> str:
        self.sync()
        variable = self.absent(component)
        self.present(component, condition, flag, variable)
        return variable

    def absent(self, component: Component) -> str:
        """A variable for a component, with what it is if absent."""
        variable = self.variable(python_name(component))
        kind = self.grammar.field_annotation(component, self.module)
        absent = "None" if component.default is None else str(component.default)
        self.say(f"{variable}: {kind} = {absent}")
        return variable

    def present(self, component: Component, condition: str, flag: str | None, variable: str) -> None:
        """Read a component if it is there."""
        self.say(f"if {condition}:")
        if flag:
            bad = self.module.use("cosem.core.messages", "bad_presence")
            self.say(f"    if {flag} != 1:")
            self.say(f'        raise {bad}(p, "{component.name}")')
        self.branch(component.type, variable, f"{python_name(component)}_value")

    def branch(self, kind: AsnType, variable: str, name: str) -> None:
        self.depth += 1
        expression = self.value(kind, name)
        self.flush()
        self.say(f"{variable} = {expression}")
        self.sync()
        self.depth -= 1

    def choice(self, kind: AsnType, components: tuple[Component, ...], name: str) -> str:
        if not self.grammar.is_simple(kind):
            self.sync()
            variable = self.variable(name)
            self.say(f"{variable}, p = {self.grammar.function('read', kind, self.module)}(b, p, limits)")
            return variable
        tag = self.fixed("B", f"{name}_tag")
        self.sync()
        variable = self.variable(name)
        self.say(f"{variable}: {self.grammar.annotation(kind, self.module)}")
        for index, each in enumerate(components):
            self.say(f"{'elif' if index else 'if'} {tag} == {each.tag}:")
            self.branch(each.type, variable, python_name(each))
        self.say("else:")
        bad = self.module.use("cosem.core.messages", "no_alternative")
        self.say(f'    raise {bad}({tag}, p, "{_path(name)}")')
        return variable

    def sequence_of(self, element: AsnType, name: str) -> str:
        self.sync()
        variable = self.variable(name)
        if isinstance(self.grammar.resolved(element), Enumeration):
            table = self.grammar.table(element, self.module)
            item = enumeration_expression(table, self.grammar.name(element, self.module), "item")
            count = self.module.use("cosem.core.lengths", "read_count")
            self.say(f"count, p = {count}(b, p, limits.list_items)")
            self.say(f"{variable} = [{item} for item in b[p : p + count]]")
            self.say("p += count")
            return variable
        if element == Primitive("Data"):
            reader = self.module.use("cosem.core.axdr", "read_data")
        else:
            assert isinstance(element, Reference)
            reader = self.grammar.function("read", element, self.module)
        read_list = self.module.use("cosem.core.messages", "read_list")
        self.say(f"{variable}, p = {read_list}(b, p, limits, {reader}, {self.grammar.minimum(element)})")
        return variable


def ber_head(definition: Definition) -> bytes:
    """What stands before the octets of a BER bit string of fixed size inside an A-XDR message."""
    bits = definition.type
    if not definition.ber or not isinstance(bits, BitString):
        return b""
    assert definition.application is not None
    assert bits.size is not None
    tag = bytes((0x40 | definition.application,))
    if definition.application >= 0x1F:
        tag = bytes((0x5F, definition.application))
    return tag + bytes((1 + (bits.size + 7) // 8, -bits.size % 8))
