"""Which edition of each book a build is about: ``bb14``, ``gb9``, ``bb14+gb9``; the newest of a book not named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.life import Edition, Life

BLUE, GREEN = "blue", "green"
"""The books: classes, types and OBIS codes are of the Blue one, messages of the Green one."""


class _Lived(Protocol):
    @property
    def life(self) -> Life: ...


L = TypeVar("L", bound=_Lived)


@dataclass(frozen=True, slots=True)
class Choice:
    """One edition of each book. ``places`` has the book of every edition and where it stands in it."""

    places: Mapping[str, tuple[str, int]]
    at: Mapping[str, int]

    @classmethod
    def of(cls, editions: Iterable[Edition], names: Iterable[str] = ()) -> Choice:
        """The named editions, the last of a book if two of it are named. Raises KeyError if one is not known."""
        places = {edition.id: (edition.book, edition.order) for edition in editions}
        newest: dict[str, int] = {}
        for book, order in places.values():
            newest[book] = max(order, newest.get(book, 0))
        return cls(places, {**newest, **dict(places[name] for name in names)})

    def knows(self, life: Life) -> bool:
        """Whether the edition is one of a life. An edition that is none bounds nothing: a rule reports it."""
        return (life.since is None or self._stands(life.since) <= 0) and (
            life.until is None or self._stands(life.until) >= 0
        )

    def kept(self, elements: tuple[L, ...]) -> tuple[L, ...]:
        """The elements that the edition knows."""
        return tuple(element for element in elements if self.knows(element.life))

    def _stands(self, name: str) -> int:
        """How far behind the chosen edition of its book an edition stands."""
        book, order = self.places.get(name, ("", 0))
        return order - self.at.get(book, order)


def split(names: str) -> list[str]:
    """The editions that ``bb14+gb9`` names."""
    return [name for name in names.split("+") if name]


def choose(editions: Iterable[Edition], names: str, mistakes: Mistakes) -> Choice:
    """The editions of ``bb14+gb9``; one that is not known and two of a book are mistakes."""
    known = tuple(editions)
    books = {edition.id: edition.book for edition in known}
    taken: dict[str, str] = {}
    for name in split(names):
        if name not in books:
            mistakes.add(
                Span("editions.yaml"), f"{name!r} is no edition; there are {', '.join(books) or 'none'}"
            )
        elif taken.setdefault(books[name], name) != name:
            mistakes.add(
                Span("editions.yaml"), f"{taken[books[name]]} and {name} are both of the {books[name]} book"
            )
    return Choice.of(known, [name for name in split(names) if name in books])


def overlap(one: Life, other: Life, places: Mapping[str, tuple[str, int]]) -> bool:
    """Whether an edition knows both."""
    return all(
        first is None
        or last is None
        or first not in places
        or last not in places
        or places[first][0] != places[last][0]
        or places[first][1] <= places[last][1]
        for first, last in ((one.since, other.until), (other.since, one.until))
    )
