"""Which editions of the books know an element."""

from __future__ import annotations

from dataclasses import dataclass, field

from cosem.codegen.errors import Span


@dataclass(frozen=True, slots=True)
class Life:
    """The editions that know an element: from ``since`` to ``until``, both included; None is open."""

    since: str | None = None
    until: str | None = None
    span: Span = field(default_factory=Span, compare=False)


ALWAYS = Life()
"""Every edition."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a book; ``order`` counts within the book, oldest first."""

    id: str
    book: str
    order: int
    title: str
    year: int | None
    confidence: str
    span: Span = field(compare=False)
