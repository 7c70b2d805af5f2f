"""Read the type notation: ``array<CaptureObject>`` → :class:`~cosem.codegen.ir.types.ArrayType`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from cosem.codegen.errors import Mistake, Span, SpecError
from cosem.codegen.ir.types import (
    FORMATTED_SIZES,
    SIMPLE_TAGS,
    SPECIAL_TYPES,
    ArrayType,
    Builtin,
    ChoiceType,
    FieldType,
    Named,
    StructureType,
    TypeExpr,
)

_GRAMMAR = Path(__file__).with_name("notation.lark")


class _Parser(Protocol):
    def parse(self, text: str) -> Tree[Token]: ...


@cache
def _parser() -> _Parser:
    # LALR: one token of look-ahead is enough, and it is many times faster than Earley on a whole spec.
    return Lark(_GRAMMAR.read_text("utf-8"), start="type", parser="lalr", maybe_placeholders=False)


def parse_type(text: str, span: Span) -> TypeExpr:
    """The type that ``text`` writes; ``span`` is where it begins. Raises SpecError with the exact column."""
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise SpecError([Mistake(_place(error, text, span), _explain(error))]) from None
    return _Reader(span).type(tree)


class _Reader:
    def __init__(self, span: Span) -> None:
        self.start = span

    def at(self, token: Token) -> Span:
        line = (token.line or 1) - 1
        return self.start.shifted((token.column or 1) - 1, line)

    def type(self, tree: Tree[Token]) -> TypeExpr:
        node = tree.children[0] if tree.data == "type" else tree
        assert isinstance(node, Tree)
        match str(node.data):
            case "builtin":
                return self.builtin(node)
            case "structure_name" | "enum_name" | "bits_name" as rule:
                return self.named(node, rule.removesuffix("_name"))
            case "array":
                return ArrayType(self.type(_tree(node, 0)), self.start)
            case "structure":
                return StructureType(tuple(self.field(child) for child in _trees(node)), self.start)
            case "choice":
                return ChoiceType(tuple(self.type(child) for child in _trees(node)), self.start)
            case other:
                raise AssertionError(other)

    def builtin(self, node: Tree[Token]) -> Builtin:
        name = _token(node, 0)
        size = int(_token(_tree(node, 1), 0)) if len(node.children) > 1 else None
        if name not in SIMPLE_TAGS and name not in SPECIAL_TYPES:
            known = ", ".join(sorted([*SIMPLE_TAGS, *SPECIAL_TYPES]))
            raise SpecError([Mistake(self.at(name), f"no type is called {name!s}; there are {known}")])
        if size is not None and name not in ("octet-string", "bit-string", "visible-string"):
            raise SpecError([Mistake(self.at(name), f"{name} has no size; only strings have")])
        return Builtin(str(name), size, self.at(name))

    def named(self, node: Tree[Token], kind: str) -> Builtin | Named:
        name = _token(node, 0)
        if kind == "structure" and name in FORMATTED_SIZES:
            return Builtin(str(name), FORMATTED_SIZES[name], self.at(name))
        base = str(_token(node, 1)) if len(node.children) > 1 else None
        return Named(str(name), kind, base, self.at(name))

    def field(self, node: Tree[Token]) -> FieldType:
        name = _token(node, 0)
        return FieldType(str(name), self.type(_tree(node, 1)), self.at(name))


def _token(node: Tree[Token], index: int) -> Token:
    child = node.children[index]
    assert isinstance(child, Token)
    return child


def _tree(node: Tree[Token], index: int) -> Tree[Token]:
    child = node.children[index]
    assert isinstance(child, Tree)
    return child


def _trees(node: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in node.children if isinstance(child, Tree)]


def _place(error: UnexpectedInput, text: str, span: Span) -> Span:
    token: object = getattr(error, "token", None)
    if (
        isinstance(error, UnexpectedEOF)
        or error.line < 1
        or (isinstance(token, Token) and token.type == "$END")
    ):
        return span.shifted(len(text))
    return span.shifted(error.column - 1, error.line - 1)


_SPOKEN = {
    "TAG": "a type name", "CAMEL": "a name in CamelCase", "SNAKE": "a field_name:", "INT": "a number",
    "LESSTHAN": "<", "MORETHAN": ">", "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")",
    "COMMA": ",", "COLON": ":", "$END": "the end",
}  # fmt: skip


def _explain(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedToken):
        expected = ", ".join(sorted(_SPOKEN.get(name, name.lower()) for name in error.expected))
        token = str(getattr(error, "token", ""))
        found = repr(token) if token else "the end"
        return f"{found} does not fit here; expected {expected}"
    if isinstance(error, UnexpectedCharacters):
        return f"{getattr(error, 'char', '')!r} does not fit here"
    return "the type ends too early"
