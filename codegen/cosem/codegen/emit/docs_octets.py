"""Octets of a message, part by part, as the grammar of ``spec/apdu`` cuts them: for the examples of the reference.

It reads the grammar itself and shares nothing with the codecs that are generated from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cosem.codegen.emit.docs_octet_words import Words
from cosem.codegen.ir.apdu import (
    INTEGERS,
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Reference,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.types import SIMPLE_TAGS

ROOTS = ("Cosem-Pdu", "Gateway-Pdu")
"""The choices of whole messages; the first octet tells which."""

DEEPEST = 40
"""Levels that an example may have."""

_SIZES = {"b": 1, "h": 2, "i": 4}
_ARRAY, _STRUCTURE, _BIT_STRING, _OCTET_STRING, _COMPACT_ARRAY = 1, 2, 4, 9, 19
_BY_SIZE = {
    0: (0, 255),
    1: (3, 13, 15, 17, 22, 28, 31),
    2: (16, 18, 29, 32),
    4: (5, 6, 23, 27, 30, 33),
    5: (26,),
    8: (20, 21, 24),
    12: (25,),
}
_FIXED = {tag: size for size, tags in _BY_SIZE.items() for tag in tags}
"""Octets of the values whose tag tells their size."""

_SIGNED_TAGS = frozenset({5, 15, 16, 20, 28, 29, 30})
_STRINGS = frozenset({9, 10, 12})
_TAG_NAMES = {number: name for name, number in SIMPLE_TAGS.items()}
_NESTED = frozenset({"user-information", "content"})
"""Octet strings that hold a message."""

_CONTEXT, _INSIDE = 0x80, 0x20
_AUTHENTICATED, _TAG_OCTETS, _SECURITY_HEADER = 0x10, 12, 5


@dataclass(frozen=True, slots=True)
class Part:
    """Octets that belong together: where, whose, what they say. ``depth`` counts what they are inside of."""

    offset: int
    octets: bytes
    depth: int
    name: str
    says: str


def annotate(octets: bytes, definitions: Mapping[str, Definition], words: Words) -> list[Part]:
    """The parts of one whole message; ValueError if the octets are none. The parts joined are the octets."""
    walk = _Walk(octets, definitions, words, len(octets))
    try:
        walk.message(0)
    except (IndexError, StopIteration) as error:
        raise ValueError(f"no element, or no end of one, at octet {walk.at}") from error
    if walk.at != len(octets):
        raise ValueError(f"{len(octets) - walk.at} octets are left behind the message")
    return walk.parts


@dataclass(slots=True)
class _Walk:
    octets: bytes
    definitions: Mapping[str, Definition]
    words: Words
    end: int
    at: int = 0
    parts: list[Part] = field(default_factory=list[Part])

    def take(self, count: int) -> bytes:
        if self.at + count > self.end:
            raise ValueError(f"the message ends early, at octet {self.end}")
        self.at += count
        return self.octets[self.at - count : self.at]

    def say(self, begin: int, depth: int, name: str, says: str) -> None:
        self.parts.append(Part(begin, self.octets[begin : self.at], depth, name, says))

    def length(self) -> int:
        first = self.take(1)[0]
        return first if first < 0x80 else int.from_bytes(self.take(first & 0x7F))

    # -- messages and A-XDR

    def message(self, depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError(f"octet {self.at}: deeper than {DEEPEST} levels")
        tag = self.octets[self.at] if self.at < self.end else -1
        for root in ROOTS:
            choice = self.definitions[root].type if root in self.definitions else None
            if isinstance(choice, Choice) and any(each.tag == tag for each in choice.components):
                self.choice(choice, "message", depth)
                return
        raise ValueError(f"no message begins with octet {tag:#04x}")

    def choice(self, choice: Choice, name: str, depth: int) -> None:
        begin, tag = self.at, self.take(1)[0]
        chosen = next((each for each in choice.components if each.tag == tag), None)
        if chosen is None:
            raise ValueError(f"{name} has no alternative {tag} (octet {begin})")
        self.say(begin, depth, name, f"{tag}: {chosen.name}")
        self.value(chosen.type, chosen.name, depth + 1)

    def value(self, type: AsnType, name: str, depth: int) -> None:
        begin = self.at
        match type:
            case Reference():
                self.reference(self.definitions[type.name], name, depth)
            case Sequence():
                self.sequence(type, depth)
            case SequenceOf():
                count = self.length()
                self.say(begin, depth, name, f"a list of {count}")
                for position in range(count):
                    self.value(type.element, f"{name} {position + 1}", depth + 1)
            case Choice():
                self.choice(type, name, depth)
            case Enumeration():
                number = self.take(1)[0]
                self.say(begin, depth, name, _named(type, number))
            case OctetString():
                self.octet_string(type, name, depth)
            case Primitive():
                self.primitive(type.name, name, depth)
            case BitString() | ObjectIdentifier():
                raise ValueError(f"{name}: no encoding in A-XDR messages")

    def reference(self, definition: Definition, name: str, depth: int) -> None:
        if isinstance(definition.type, BitString):
            self.ber_bits(definition, definition.type, name, depth)
        elif definition.application is not None and isinstance(definition.type, Sequence):
            begin, length = self.at, self.length()
            self.say(begin, depth, definition.name, f"{length} octets follow")
            self.elements(definition.type, self.at + length, depth)
        else:
            self.value(definition.type, name, depth)

    def sequence(self, sequence: Sequence, depth: int) -> None:
        numbers: dict[str, str] = {}
        for component in sequence.components:
            if component.condition is not None:
                if numbers[component.condition[0]] != component.condition[1]:
                    continue
            elif component.optional or component.default is not None:
                begin, given = self.at, self.take(1)[0]
                absent = "absent" if component.default is None else f"default, {_word(component.default)}"
                self.say(begin, depth, component.name, "present" if given else absent)
                if not given:
                    continue
            self.value(component.type, component.name, depth)
            kind = self.resolved(component.type)
            if isinstance(kind, Enumeration):
                number = self.parts[-1].octets[-1]
                numbers[component.name] = next(
                    (each.name for each in kind.numbers if each.value == number), ""
                )

    def resolved(self, type: AsnType) -> AsnType:
        return self.resolved(self.definitions[type.name].type) if isinstance(type, Reference) else type

    def octet_string(self, type: OctetString, name: str, depth: int) -> None:
        begin = self.at
        size = self.length() if type.size is None else type.size
        if name in _NESTED and size:
            self.say(begin, depth, name, f"{size} octets, a message")
            self.nested(size, depth + 1)
        elif name == "ciphered-content" and size > _SECURITY_HEADER:
            self.say(begin, depth, name, f"{size} octets")
            self.ciphered(size, depth + 1)
        else:
            content = self.take(size)
            counted = f"{_octets(size)}: " if type.size is None and size else ""
            self.say(begin, depth, name, counted + self.words.octet_string(content, name))

    def nested(self, size: int, depth: int) -> None:
        outer, self.end = self.end, self.at + size
        if self.end > outer:
            raise ValueError(f"the message ends early, at octet {outer}")
        self.message(depth)
        if self.at != self.end:
            raise ValueError(f"octets are left at {self.at}, behind the inner message")
        self.end = outer

    def ciphered(self, size: int, depth: int) -> None:
        begin, control = self.at, self.take(1)[0]
        self.say(begin, depth, "security control", self.words.security_control(control))
        begin, counter = self.at, int.from_bytes(self.take(4))
        self.say(begin, depth, "invocation counter", str(counter))
        rest = size - _SECURITY_HEADER
        tag = _TAG_OCTETS if control & _AUTHENTICATED and rest >= _TAG_OCTETS else 0
        for name, count in (("ciphered text", rest - tag), ("authentication tag", tag)):
            begin = self.at
            if self.take(count):
                self.say(begin, depth, name, _octets(count))

    def primitive(self, kind: str, name: str, depth: int) -> None:
        begin = self.at
        if kind == "Data":
            self.data(name, depth)
        elif kind == "BOOLEAN":
            self.say(begin, depth, name, _word(self.take(1) != b"\0"))
        elif kind == "REMAINDER":
            self.nested(self.end - self.at, depth)
        elif kind in INTEGERS:
            letter = INTEGERS[kind]
            number = int.from_bytes(self.take(_SIZES[letter.lower()]), signed=letter.islower())
            self.say(begin, depth, name, self.words.number(number, name))
        elif kind != "NULL":
            raise ValueError(f"{name}: {kind} has no encoding in A-XDR messages")

    # -- Data

    def data(self, name: str, depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError(f"octet {self.at}: deeper than {DEEPEST} levels")
        begin, tag = self.at, self.take(1)[0]
        kind = _TAG_NAMES.get(tag, "")
        if tag in (_ARRAY, _STRUCTURE):
            count, what = self.length(), "array" if tag == _ARRAY else "structure"
            self.say(begin, depth, name, f"{what} of {count}")
            for position in range(count):
                self.data(str(position + 1), depth + 1)
        elif tag in _STRINGS:
            content = self.take(self.length())
            said = self.words.data_string(content, tag == _OCTET_STRING)
            self.say(begin, depth, name, f"{kind}, {_octets(len(content))}{': ' if said else ''}{said}")
        elif tag == _BIT_STRING:
            bits = self.length()
            content = self.take((bits + 7) // 8)
            digits = "".join(f"{octet:08b}" for octet in content)[:bits]
            self.say(begin, depth, name, f"{kind} of {bits}: {digits}")
        elif tag == _COMPACT_ARRAY:
            self.type_description()
            self.take(self.length())
            self.say(begin, depth, name, kind)
        elif tag in _FIXED:
            self.say(begin, depth, name, self.words.fixed(kind, self.take(_FIXED[tag]), tag in _SIGNED_TAGS))
        else:
            raise ValueError(f"octet {begin}: {tag} is no tag of Data")

    def type_description(self) -> None:
        tag = self.take(1)[0]
        if tag == _ARRAY:
            self.take(2)
            self.type_description()
        elif tag == _STRUCTURE:
            for _ in range(self.length()):
                self.type_description()

    # -- BER

    def ber_bits(self, definition: Definition, type: BitString, name: str, depth: int) -> None:
        begin = self.at
        self.take(2)
        content = self.take(self.length())
        assert definition.application is not None
        self.say(begin, depth, name, self.words.bits(type, content))

    def elements(self, sequence: Sequence, end: int, depth: int) -> None:
        if end > self.end:
            raise ValueError(f"the message ends early, at octet {self.end}")
        outer, self.end = self.end, end
        while self.at < self.end:
            tag = self.octets[self.at]
            known = (each for each in sequence.components if self.identifier(each) == tag)
            component = next(known, None)
            if component is None:
                raise ValueError(f"octet {self.at}: no element has the tag {tag:#04x}")
            self.element(component, depth + 1)
        self.end = outer

    def identifier(self, component: Component) -> int:
        assert component.tag is not None
        inside = component.explicit or isinstance(self.resolved(component.type), Sequence)
        return _CONTEXT | component.tag | (_INSIDE if inside else 0)

    def element(self, component: Component, depth: int) -> None:
        begin = self.at
        self.take(1)
        size = self.length()
        type = self.resolved(component.type)
        if not component.explicit:
            content = self.take(size)
            self.say(begin, depth, component.name, self.words.ber(type, content, component.name))
            return
        self.say(begin, depth, component.name, f"{_octets(size)} inside")
        end = self.at + size
        if isinstance(type, Choice):
            inner = next(each for each in type.components if self.identifier(each) == self.octets[self.at])
            self.element(inner, depth + 1)
        else:
            self.inside(component.name, type, depth + 1)
        if self.at != end:
            raise ValueError(f"{component.name} has {size} octets and does not end at {self.at}")

    def inside(self, name: str, type: AsnType, depth: int) -> None:
        begin = self.at
        self.take(1)
        size = self.length()
        if name in _NESTED:
            self.say(begin, depth, "octet string", f"{_octets(size)}, a message")
            self.nested(size, depth + 1)
        else:
            content = self.take(size)
            self.say(begin, depth, _universal(type), self.words.ber(type, content, name))


def _universal(type: AsnType) -> str:
    match type:
        case ObjectIdentifier():
            return "object identifier"
        case OctetString():
            return "octet string"
        case _:
            return "integer"


def _named(type: Enumeration, number: int) -> str:
    return f"{number}: {next((each.name for each in type.numbers if each.value == number), 'not known')}"


def _word(value: bool) -> str:
    return "true" if value else "false"


def _octets(count: int) -> str:
    return f"{count} octet{'' if count == 1 else 's'}"
