"""Read one APDU module: ``spec/apdu/get.asn`` → :class:`~cosem.codegen.ir.apdu.Module`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.apdu import (
    PRIMITIVES,
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
from cosem.codegen.ir.life import ALWAYS, Life

_GRAMMAR = Path(__file__).with_name("asn.lark")
_CONFIDENCES = ("high", "medium", "low")

Node = Tree[Token]


class _Parser(Protocol):
    def parse(self, text: str) -> Node: ...


@cache
def _parser() -> _Parser:
    # LALR: one token of look-ahead is enough, and it is many times faster than Earley on a whole spec.
    return Lark(
        _GRAMMAR.read_text("utf-8"),
        parser="lalr",
        maybe_placeholders=False,
        import_paths=[str(_GRAMMAR.parent)],
    )


def parse_module(text: str, file: str, mistakes: Mistakes) -> Module | None:
    """The module that ``text`` writes. What cannot be read is noted, and None comes back if nothing can."""
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        mistakes.add(_place(error, text, file), _explain(error))
        return None
    return _Reader(file, mistakes).module(tree)


class _Reader:
    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self.file = file
        self.mistakes = mistakes
        self.module_name = ""

    def at(self, token: Token) -> Span:
        return Span(self.file, token.line or 1, token.column or 1)

    def module(self, tree: Node) -> Module:
        name = _token(tree, "NAME")
        self.module_name = str(name)
        encoding = str(_tree(tree, "encoding").children[0])
        definitions = tuple(self.definition(child) for child in _trees(tree, "definition"))
        return Module(self.module_name, encoding == "BER", self.note(tree), definitions, self.at(name))

    def definition(self, node: Node) -> Definition:
        name = _token(node, "NAME")
        application = next(iter(_trees(node, "application")), None)
        return Definition(
            name=str(name),
            type=self.type(_last_type(node)),
            module=self.module_name,
            note=self.note(node),
            tagged=any(_trees(node, "tagged")),
            ber=any(_trees(node, "ber")),
            application=int(_token(application, "INT")) if application else None,
            span=self.at(name),
        )

    def type(self, node: Node) -> AsnType:
        match str(node.data):
            case "name":
                name = _token(node, "NAME")
                return Primitive(str(name)) if name in PRIMITIVES else Reference(str(name), self.at(name))
            case "integer":
                return Enumeration(self.numbers(node)) if node.children else Primitive("INTEGER")
            case "enumerated":
                return Enumeration(self.numbers(node))
            case "octet_string":
                return OctetString(_size(node))
            case "bit_string":
                return BitString(_size(node), self.numbers(node))
            case "object_identifier":
                arcs = tuple(int(child) for child in node.children if isinstance(child, Token))
                return ObjectIdentifier(arcs, self.numbers(node))
            case "sequence_of":
                return SequenceOf(self.type(_last_type(node)))
            case "sequence":
                return Sequence(tuple(self.component(child) for child in _trees(node, "component")))
            case "choice":
                return Choice(tuple(self.component(child) for child in _trees(node, "component")))
            case other:
                raise AssertionError(other)

    def numbers(self, node: Node) -> tuple[Number, ...]:
        return tuple(
            Number(
                str(_token(child, "TAG")),
                int(_token(child, "INT")),
                self.note(child),
                self.at(_token(child, "TAG")),
            )
            for numbers in _trees(node, "numbers")
            for child in _trees(numbers, "number")
        )

    def component(self, node: Node) -> Component:
        name = _token(node, "TAG")
        tag = next(iter(_trees(node, "tag")), None)
        when = next(iter(_trees(node, "when")), None)
        default = next(iter(_trees(node, "default")), None)
        protects = next(iter(_trees(node, "protects")), None)
        return Component(
            name=str(name),
            type=self.type(_last_type(node)),
            tag=int(_token(tag, "INT")) if tag else None,
            explicit=tag is not None and "EXPLICIT" in tag.children,
            optional=any(_trees(node, "optional")),
            default=_token(default, "BOOLEAN") == "TRUE" if default else None,
            condition=(str(when.children[0]), str(when.children[1])) if when else None,
            protects=str(_token(protects, "TAG")) if protects else None,
            secret=any(_trees(node, "secret")),
            note=self.note(node),
            span=self.at(name),
        )

    def note(self, node: Node) -> Note:
        doc: list[str] = []
        found: dict[str, str] = {}
        place: Span | None = None
        for child in _trees(node, "note"):
            token = child.children[0]
            assert isinstance(token, Token)
            if token.type == "DOC":
                doc.append(token.removeprefix("--|").strip())
                continue
            key, _, text = token[1:].strip().partition(" ")
            if key in found:
                self.mistakes.add(self.at(token), f"@{key} is written twice; keep one")
            self.check(key, text.strip(), token)
            found[key] = text.strip()
            if key in ("since", "until") and place is None:
                place = self.at(token).shifted(len(key) + 2)
        return Note(
            doc=" ".join(doc),
            ref=found.get("ref", ""),
            confidence=found.get("confidence", ""),
            errors=tuple(found.get("errors", "").split()),
            standalone="standalone" in found,
            rare="rare" in found,
            life=Life(found.get("since"), found.get("until"), place) if place else ALWAYS,
        )

    def check(self, key: str, text: str, token: Token) -> None:
        match key:
            case "ref":
                right = bool(text)
                wanted = "a clause, as in @ref GB 9.5"
            case "confidence":
                right = text in _CONFIDENCES
                wanted = f"one of {', '.join(_CONFIDENCES)}"
            case "errors":
                right = 1 <= len(text.split()) <= 2
                wanted = "an error class and a prefix, as in @errors ActionError Action"
            case "since" | "until":
                right = len(text.split()) == 1
                wanted = "an edition of the Green Book, as in @since gb9"
            case "standalone" | "rare":
                right = not text
                wanted = "nothing behind it"
            case _:
                self.mistakes.add(
                    self.at(token),
                    f"no note is called @{key}; there are @ref, @confidence, @since, @until, @errors, "
                    "@standalone, @rare",
                )
                return
        if not right:
            self.mistakes.add(self.at(token), f"@{key} {text!r} does not fit; expected {wanted}")


_TYPES = frozenset(
    {
        "name",
        "integer",
        "enumerated",
        "octet_string",
        "bit_string",
        "object_identifier",
        "sequence_of",
        "sequence",
        "choice",
    }
)


def _trees(node: Node, rule: str) -> list[Node]:
    return [child for child in node.children if isinstance(child, Tree) and child.data == rule]


def _tree(node: Node, rule: str) -> Node:
    return _trees(node, rule)[0]


def _last_type(node: Node) -> Node:
    return next(child for child in node.children if isinstance(child, Tree) and child.data in _TYPES)


def _token(node: Node, terminal: str) -> Token:
    return next(child for child in node.children if isinstance(child, Token) and child.type == terminal)


def _size(node: Node) -> int | None:
    return int(_token(_tree(node, "size"), "INT")) if _trees(node, "size") else None


def _place(error: UnexpectedInput, text: str, file: str) -> Span:
    if error.line < 1 or (isinstance(error, UnexpectedToken) and not str(getattr(error, "token", ""))):
        lines = text.rstrip("\n").split("\n")
        return Span(file, len(lines), len(lines[-1]) + 1)
    return Span(file, error.line, error.column)


_SPOKEN = {
    "TAG": "a name-in-lower-case", "NAME": "a Name", "INT": "a number", "DOC": "--|", "ANNOTATION": "@",
    "_IS": "::=", "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]",
    "COMMA": ",", "$END": "the end", "MODE": "IMPLICIT or EXPLICIT", "BOOLEAN": "TRUE or FALSE",
    "AXDR": "A-XDR",
}  # fmt: skip


def _explain(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedToken):
        token = str(getattr(error, "token", ""))
        found = repr(token) if token else "the end"
        names: set[str] = set(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        found = repr(getattr(error, "char", ""))
        names = set(error.allowed or ())
    else:
        return "the module ends too early"
    names -= {"COMMENT", "WS"}
    return (
        f"{found} does not fit here; expected {', '.join(sorted(_SPOKEN.get(name, name) for name in names))}"
    )
