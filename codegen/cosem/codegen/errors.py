"""Mistakes in the spec, all of them at once, each at its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """Where something stands: file (relative to the spec folder), line and column, both from 1.

    A tuple, as every node of every file has one: a frozen dataclass takes three times as long to make.
    """

    file: str = "<spec>"
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def shifted(self, columns: int, lines: int = 0) -> Span:
        """The same place, further right, or further down."""
        return Span(self.file, self.line + lines, (1 if lines else self.column) + columns)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One finding: ``file:line:column: what is wrong, and what would be right``."""

    span: Span
    text: str

    def __str__(self) -> str:
        return f"{self.span}: {self.text}"


class SpecError(Exception):
    """The spec has mistakes; nothing is written."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(slots=True)
class Mistakes:
    """A collector: passes report into it and go on; ``check`` raises when it is not empty."""

    found: list[Mistake] = field(default_factory=list[Mistake])

    def add(self, span: Span, text: str) -> None:
        """Note one mistake."""
        self.found.append(Mistake(span, text))

    def check(self) -> None:
        """Raise SpecError if anything was noted."""
        if self.found:
            raise SpecError(self.found)
