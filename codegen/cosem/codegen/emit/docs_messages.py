"""The pages of the messages: field tables from the grammar, and for each message its octets, explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from cosem.codegen.emit.docs_examples import Example
from cosem.codegen.emit.docs_octet_words import Words
from cosem.codegen.emit.docs_octets import ROOTS, annotate
from cosem.codegen.emit.docs_text import anchor, code, life_text, lines, names, plain, said, sure, table
from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.apdu import (
    ApduModel,
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    Module,
    Note,
    Number,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Reference,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.names import camel


def message_pages(
    apdu: ApduModel,
    examples: Mapping[str, Example],
    words: Words,
    editions: Mapping[str, str],
    mistakes: Mistakes,
) -> dict[str, str]:
    """Path under the reference → page, the index among them. Examples that are no message are mistakes.

    ``editions`` are the titles of editions.
    """
    pages = MessagePages(apdu, examples, words, editions, mistakes)
    return {"messages/index.md": pages.index(), **dict(pages.modules())}


def messages_of(apdu: ApduModel) -> dict[str, tuple[int, ...]]:
    """Every definition that is a whole message → its first octets: the tags, then that of the alternative."""
    definitions, found = apdu.definitions, defaultdict[str, list[int]](list)

    def enter(type: AsnType, tags: tuple[int, ...]) -> None:
        if not isinstance(type, Reference):
            return
        inner = definitions[type.name].type
        if isinstance(inner, Choice) and len(tags) == 1:
            for each in inner.components:
                enter(each.type, (*tags, each.tag or 0))
        else:
            found[type.name].append(tags[0])

    for root in ROOTS:
        choice = definitions[root].type if root in definitions else None
        for each in choice.components if isinstance(choice, Choice) else ():
            enter(each.type, (each.tag or 0,))
    return {name: tuple(tags) for name, tags in found.items()}


class MessagePages:
    """The pages of one grammar."""

    def __init__(
        self,
        apdu: ApduModel,
        examples: Mapping[str, Example],
        words: Words,
        editions: Mapping[str, str],
        mistakes: Mistakes,
    ) -> None:
        self.editions = editions
        self.apdu = apdu
        self.definitions = apdu.definitions
        self.examples = examples
        self.words = words
        self.mistakes = mistakes
        self.messages = messages_of(apdu)
        self.pages = {
            each.name: f"{PurePosixPath(module.span.file).stem}.md"
            for module in apdu.modules
            for each in module.definitions
        }
        for name, example in examples.items():
            if name not in self.messages:
                mistakes.add(example.span, f"{name} is no message; there are {names(sorted(self.messages))}")

    def link(self, name: str) -> str:
        return f"[{plain(name)}]({self.pages[name]}#{anchor(name)})"

    def index(self) -> str:
        rows: list[tuple[str, ...]] = []
        for root in ROOTS:
            choice = self.definitions[root].type if root in self.definitions else None
            for each in choice.components if isinstance(choice, Choice) else ():
                protects = f"a protected {plain(each.protects)}" if each.protects else ""
                doc = self._doc(each.type) if not protects else ""
                rows.append(
                    (
                        str(each.tag),
                        code(f"{each.tag:02X}"),
                        plain(each.name) + sure(each.note.confidence),
                        self._type(each.type),
                        said(protects or plain(doc), life_text(each.note.life, self.editions)),
                    )
                )
        parts = [
            f"[{plain(_title(module))}]({self.page(module)}): {plain(module.note.doc)}"
            for module in self.apdu.modules
        ]
        return lines(
            "# Messages",
            "The messages of the application layer (APDUs). The first octet tells which one it is. Each page shows the"
            " fields of its messages and, for every message, an example octet by octet.",
            table(("=tag", "octet", "message", "definition", "what it is"), rows),
            "## By service",
            "\n".join(f"- {each}" for each in parts),
        )

    def page(self, module: Module) -> str:
        return f"{PurePosixPath(module.span.file).stem}.md"

    def modules(self) -> Iterator[tuple[str, str]]:
        for module in self.apdu.modules:
            encoding = "BER" if module.ber else "A-XDR"
            yield (
                f"messages/{self.page(module)}",
                lines(
                    f"# {plain(_title(module))}",
                    f"{plain(module.note.doc)} {plain(module.note.ref)}; encoded in {encoding}."
                    f"{sure(module.note.confidence)}",
                    *(self._definition(each, module) for each in module.definitions),
                ),
            )

    def _definition(self, definition: Definition, module: Module) -> str:
        tags = self.messages.get(definition.name)
        kind = definition.type
        parts = [plain(definition.note.doc)]
        if tags:
            octets = names((code(f"{tag:02X}") for tag in sorted(set(tags))), "or")
            parts.append(f"A message that begins with {octets}.")
        parts.append(f"In Python {code('cosem.apdu.' + camel(definition.name))}." if tags else "")
        life = life_text(definition.note.life, self.editions)
        parts.append(f"{life[0].upper()}{life[1:]}." if life else "")
        return lines(
            f"## {plain(definition.name)} {{ #{anchor(definition.name)} }}",
            " ".join(filter(None, parts)) + sure(definition.note.confidence),
            self._table(kind, module),
            self._example(definition.name) if tags else "",
        ).rstrip()

    def _table(self, kind: AsnType, module: Module) -> str:
        match kind:
            case Sequence(components=components):
                tagged = any(each.tag is not None for each in components)
                columns = (*(("=tag",) if tagged else ()), "field", "type", "present", "meaning")
                rows = [self._field(each, tagged) for each in components]
                return table(columns, rows)
            case Choice(components=components):
                rows = [
                    (
                        str(each.tag),
                        code(each.name),
                        self._type(each.type) + sure(each.note.confidence),
                        self._meaning(each.note),
                    )
                    for each in components
                ]
                return table(("=tag", "alternative", "type", "meaning"), rows)
            case Enumeration(numbers=numbers):
                return self._numbers("=value", numbers)
            case BitString(bits=bits):
                return self._numbers("=bit", bits)
            case ObjectIdentifier(arcs=arcs, numbers=numbers):
                prefix = ".".join(map(str, arcs))
                return table(
                    ("object identifier", "name", "meaning"),
                    [
                        (code(f"{prefix}.{each.value}"), plain(each.name), self._meaning(each.note))
                        for each in numbers
                    ],
                )
            case _:
                return f"{self._type(kind)}."

    def _numbers(self, column: str, numbers: tuple[Number, ...]) -> str:
        rows = [
            (str(each.value), code(each.name) + sure(each.note.confidence), self._meaning(each.note))
            for each in numbers
        ]
        return table((column, "name", "meaning"), rows)

    def _meaning(self, note: Note, more: str = "") -> str:
        return said(" ".join(filter(None, (plain(note.doc), more))), life_text(note.life, self.editions))

    def _field(self, component: Component, tagged: bool) -> tuple[str, ...]:
        if component.condition is not None:
            present = f"when {plain(component.condition[0])} is {plain(component.condition[1])}"
        elif component.default is not None:
            present = f"default {str(component.default).lower()}"
        else:
            present = "optional" if component.optional else "always"
        mode = " explicit" if component.explicit else ""
        return (
            *((f"{component.tag}{mode}",) if tagged else ()),
            code(component.name),
            self._type(component.type) + sure(component.note.confidence),
            present,
            self._meaning(component.note, "Never logged." if component.secret else ""),
        )

    def _type(self, type: AsnType) -> str:
        match type:
            case Reference(name=name):
                return self.link(name)
            case Primitive(name=name):
                return plain(name)
            case OctetString(size=size):
                return "OCTET STRING" + (f" of {size}" if size is not None else "")
            case BitString(size=size):
                return "BIT STRING" + (f" of {size}" if size is not None else "")
            case SequenceOf(element=element):
                return f"SEQUENCE OF {self._type(element)}"
            case Choice(components=components):
                return names(
                    (f"{plain(each.name)} {each.tag}: {self._type(each.type)}" for each in components), "or"
                )
            case Enumeration():
                return "ENUMERATED"
            case ObjectIdentifier():
                return "OBJECT IDENTIFIER"
            case Sequence():
                return "SEQUENCE"

    def _doc(self, type: AsnType) -> str:
        if not isinstance(type, Reference):
            return ""
        definition = self.definitions[type.name]
        module = next(each for each in self.apdu.modules if definition in each.definitions)
        return definition.note.doc or module.note.doc

    def _example(self, name: str) -> str:
        example = self.examples.get(name)
        if example is None:
            return ""
        try:
            parts = annotate(example.octets, self.definitions, self.words)
        except ValueError as error:
            self.mistakes.add(example.span, f"example of {name}: {error}")
            return ""
        rows = [
            (
                str(part.offset),
                f'<span class="octets">{part.octets.hex(" ").upper() or "–"}</span>',
                f'<span class="depth-{min(part.depth, 9)}">{plain(part.name)}</span>',
                plain(part.says),
            )
            for part in parts
        ]
        count = len(example.octets)
        return lines(
            f"**Example**: {plain(example.doc)} {count} octets.",
            f"```text\n{_wrapped(example.octets)}\n```",
            table(("=at", "octets", "field", "says"), rows),
        ).rstrip()


def _title(module: Module) -> str:
    """The name of a module, as its only message spells it if there is one of that name."""
    same = (each.name for each in module.definitions if each.name.lower() == module.name.lower())
    return next(same, module.name).replace("-", " ")


def _wrapped(octets: bytes) -> str:
    return "\n".join(octets[begin : begin + 16].hex(" ").upper() for begin in range(0, len(octets), 16))
