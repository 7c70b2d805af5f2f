"""The APDU grammar as Python: one module for each module of the grammar, the dispatcher, the errors, the index."""

from __future__ import annotations

from cosem.codegen.emit.apdu_ber import BerBody
from cosem.codegen.emit.apdu_index import index_modules
from cosem.codegen.emit.apdu_read import ReadBody, Structs
from cosem.codegen.emit.apdu_types import Grammar, dataclass_order, python_name
from cosem.codegen.emit.apdu_write import WriteBody, encode_body
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.apdu import (
    ROOT,
    ApduModel,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    ObjectIdentifier,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.apdu import Module as Grammatical
from cosem.codegen.ir.names import camel, snake, upper

_DATACLASSES = "dataclasses"
_SHARED = "cosem.core.messages"


def render(model: ApduModel) -> dict[str, str]:
    """Every file of ``cosem.apdu``, by its path under ``generated/``; black has not been over them."""
    grammar = Grammar.of(model)
    modules = [_Emitter(grammar, each).module for each in model.modules if _has_codecs(each)]
    modules += index_modules(grammar, model)
    return {"cosem/apdu/py.typed": "", **{module.path: module.render() for module in modules}}


def _has_codecs(module: Grammatical) -> bool:
    return [each.name for each in module.definitions] != [ROOT]


class _Emitter:
    """One module of the grammar: types first, then the codecs, so that every name stands before its use."""

    def __init__(self, grammar: Grammar, source: Grammatical) -> None:
        self.grammar = grammar
        self.source = source
        own = {camel(each.name) for each in source.definitions}
        doc = f"{source.note.doc} {_place(source.note.ref)}".strip()
        self.module = Module(f"cosem.apdu.{snake(source.name)}", [f"spec/{source.span.file}"], doc, own)
        self.structs = Structs()
        self.ber = BerBody(grammar, self.module)
        for definition in source.definitions:
            self.numbers(definition)
        for definition in source.definitions:
            if isinstance(definition.type, Sequence):
                self.sequence(definition)
        self.aliases()
        for definition in source.definitions:
            self.codec(definition)
        if lines := self.structs.lines():
            self.module.use("struct", "Struct")
            self.module.blocks.insert(0, "\n".join(lines))
        if self.ber.tables:
            self.module.blocks.insert(0, "\n".join(self.ber.tables))

    def use(self, module: str, name: str) -> str:
        return self.module.use(module, name)

    def doc(self, definition: Definition | Component) -> str:
        """The sentence, the clause, and how sure the fact is where it is not."""
        if isinstance(definition, Component):
            return definition.note.doc
        ref = definition.note.ref or self.source.note.ref
        confidence = definition.note.confidence or self.source.note.confidence
        name = f"``{definition.name}``."
        unsure = f"Confidence: {confidence}." if confidence not in ("", "high") else ""
        return " ".join(filter(None, (definition.note.doc or name, _place(ref), unsure)))

    def numbers(self, definition: Definition) -> None:
        """Enumerations, bits and object identifiers."""
        name = camel(definition.name)
        match definition.type:
            case Enumeration(numbers):
                self.module.add(
                    "apdu_enum.py.j2",
                    name=name,
                    base=self.use("cosem.core.enums", "OpenEnum"),
                    final=self.use("typing", "Final"),
                    doc=self.doc(definition),
                    members=[(upper(each.name), each.value) for each in numbers],
                    table=f"{upper(definition.name)}_MEMBERS",
                )
            case ObjectIdentifier(arcs, numbers):
                self.module.add(
                    "apdu_object_identifier.py.j2",
                    name=name,
                    base=self.use("cosem.core.enums", "OpenEnum"),
                    final=self.use("typing", "Final"),
                    doc=self.doc(definition),
                    members=[(upper(each.name), each.value) for each in numbers],
                    prefix=repr(_object_identifier(arcs)),
                    prefix_name=f"_{upper(definition.name)}_PREFIX",
                    octets_name=f"_{upper(definition.name)}_OCTETS",
                    table=f"{upper(definition.name)}_MEMBERS",
                )
            case BitString(size, bits) if size is not None:
                masks = [(upper(each.name), 1 << size - 1 - each.value, each.name) for each in bits]
                self.module.add(
                    "apdu_bits.py.j2",
                    name=name,
                    base=self.use("cosem.core.bits", "Bits"),
                    classvar=self.use("typing", "ClassVar"),
                    doc=self.doc(definition),
                    width=size,
                    members=[(member, f"{mask:#x}", spoken) for member, mask, spoken in masks],
                )
            case _:
                pass

    def sequence(self, definition: Definition) -> None:
        """The dataclass with its ``encode``."""
        assert isinstance(definition.type, Sequence)
        components = definition.type.components
        fields = [self.field(each) for each in dataclass_order(components)]
        if definition.tagged:
            fields.insert(0, ("tag", "int", "", "The first octet."))
        if any("field(" in default for _, _, default, _ in fields):
            self.use(_DATACLASSES, "field")
        variables = {
            "dataclass": self.use(_DATACLASSES, "dataclass"),
            "base": self.use(_SHARED, "Message"),
            "name": camel(definition.name),
            "doc": self.doc(definition),
            "fields": fields,
            "spoken": definition.name.lower(),
            "unencodable": "",
        }
        if self.is_bare(definition):
            self.module.add("apdu_sequence.py.j2", statements=[], result="", **variables)
            return
        variables["unencodable"] = self.use(_SHARED, "unencodable")
        self.use(_SHARED, "UNENCODABLE")
        if self.source.ber:
            head = 0x60 + (definition.application or 0)
            statements = self.ber.write(definition)
            result = f"{self.use(_SHARED, 'element')}({head:#04x}, content)"
        else:
            statements, result = encode_body(definition, self.grammar, self.module, self.structs)
        self.module.add("apdu_sequence.py.j2", statements=statements, result=result, **variables)

    def field(self, component: Component) -> tuple[str, str, str, str]:
        """Name, type, default and sentence of a field."""
        default = str(component.default) if component.default is not None else ""
        if component.may_be_absent:
            default = "None"
        if component.secret:
            default = f"field(default={default}, repr=False)" if default else "field(repr=False)"
        annotation = self.grammar.field_annotation(component, self.module)
        return python_name(component), annotation, default, component.note.doc

    def is_bare(self, definition: Definition) -> bool:
        """A BER sequence whose content is taken as it is; it has no codec of its own."""
        return self.source.ber and isinstance(definition.type, Sequence) and definition.application is None

    def aliases(self) -> None:
        """Choices and standalone lists as type aliases, those that others are made of first."""
        pending = [each for each in self.source.definitions if isinstance(each.type, Choice | SequenceOf)]
        for definition in sorted(pending, key=lambda each: isinstance(each.type, SequenceOf)):
            kind = definition.type
            if isinstance(kind, Choice):
                whole = self.grammar.union(kind, self.module)
            else:
                whole = self.grammar.annotation(kind, self.module)
            self.module.add(
                "apdu_alias.py.j2",
                name=camel(definition.name),
                alias=self.use("typing", "TypeAlias"),
                whole=whole,
                doc=self.doc(definition),
            )

    def codec(self, definition: Definition) -> None:
        """``read_…``, ``write_…`` where it is needed, and the public functions."""
        match definition.type:
            case Sequence() if self.is_bare(definition):
                return
            case Sequence():
                lines = self.ber.read(definition) if self.source.ber else self.read_sequence(definition)
                self.reader(definition, lines)
            case Choice() if self.source.ber:
                self.ber_choice(definition)
                return
            case Choice(components):
                self.reader(definition, self.read_choice(definition, components))
                if definition.name not in self.grammar.prefixes and not definition.note.standalone:
                    self.writer(definition, self.write_choice(components))
            case SequenceOf(element):
                body = ReadBody(self.grammar, self.module, self.structs)
                body.finish(body.sequence_of(element, "value"))
                self.reader(definition, body.lines)
            case _:
                return
        self.public(definition)

    def read_sequence(self, definition: Definition) -> list[str]:
        body = ReadBody(self.grammar, self.module, self.structs)
        if definition.tagged:
            body.say("start = p - 1")
            body.names.add("start")
        body.finish(body.sequence(definition))
        return body.lines

    def read_choice(self, definition: Definition, components: tuple[Component, ...]) -> list[str]:
        lines = ["tag = b[p]"]
        for each in components:
            kind = self.grammar.resolved(each.type)
            lines.append(f"if tag == {each.tag}:")
            if isinstance(kind, Sequence | Choice):
                reader = self.grammar.function("read", each.type, self.module)
                lines.append(f"    return {reader}(b, p + 1, limits)")
            else:
                body = ReadBody(self.grammar, self.module, self.structs, ahead=1)
                body.names.add("tag")
                body.finish(body.value(each.type, python_name(each)))
                lines += [f"    {line}" for line in body.lines]
        return [*lines, f'raise {self.use(_SHARED, "no_alternative")}(tag, p + 1, "")']

    def reader(self, definition: Definition, lines: list[str]) -> None:
        self.use(_SHARED, "MALFORMED")
        self.module.add(
            "apdu_read.py.j2",
            name=camel(definition.name),
            function=snake(definition.name),
            path=definition.name.lower(),
            limits=self.use("cosem.core.limits", "Limits"),
            malformed=self.use(_SHARED, "malformed"),
            lines=lines,
        )

    def write_choice(self, components: tuple[Component, ...]) -> list[str]:
        body = WriteBody(self.grammar, self.module, self.structs)
        lines: list[str] = []
        for each in components[:-1]:
            lines.append(f"if {body.test(each, 'value')}:")
            lines.append(f"    return {body.alternative(each, 'value')}")
        return [*lines, f"return {body.alternative(components[-1], 'value')}"]

    def writer(self, definition: Definition, lines: list[str]) -> None:
        self.module.add(
            "apdu_write.py.j2",
            name=camel(definition.name),
            function=snake(definition.name),
            spoken=definition.name.lower(),
            lines=lines,
        )

    def ber_choice(self, definition: Definition) -> None:
        self.module.add(
            "apdu_read_element.py.j2",
            name=camel(definition.name),
            function=snake(definition.name),
            spoken=definition.name.lower(),
            lines=self.ber.read_choice(definition),
        )
        self.writer(definition, self.ber.write_choice(definition))

    def public(self, definition: Definition) -> None:
        """``decode_…`` for messages; ``decode_…`` and ``encode_…`` for what is standalone."""
        prefix = self.grammar.prefixes.get(definition.name, b"")
        variables = {
            "name": camel(definition.name),
            "function": snake(definition.name),
            "spoken": definition.name.lower(),
            "limits": self.use("cosem.core.limits", "Limits"),
        }
        if len(prefix) == 1:
            self.use("cosem.core.limits", "DEFAULT_LIMITS")
            decode = self.use(_SHARED, "decode_message")
            self.module.add("apdu_decode.py.j2", decode=decode, tag=f"{prefix[0]:#04x}", **variables)
        elif definition.note.standalone:
            self.use("cosem.core.limits", "DEFAULT_LIMITS")
            decode = self.use(_SHARED, "decode_content")
            self.module.add("apdu_decode.py.j2", decode=decode, tag="", **variables)
            if isinstance(definition.type, SequenceOf):
                self.use(_SHARED, "UNENCODABLE")
                length = self.use("cosem.core.lengths", "write_length")
                items = WriteBody(self.grammar, self.module, self.structs).items(
                    definition.type.element, "value"
                )
                unencodable = self.use(_SHARED, "unencodable")
                self.module.add(
                    "apdu_encode.py.j2",
                    unencodable=unencodable,
                    result=f"{length}(len(value)) + {items}",
                    **variables,
                )


def _place(ref: str) -> str:
    return f"{ref}." if ref else ""


def _object_identifier(arcs: tuple[int, ...]) -> bytes:
    octets = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    return bytes(octets)
