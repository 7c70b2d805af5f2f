"""Find the code for words: the rules of :mod:`cosem.core.obis_names` read backwards.

Where no constant answers, every rule is asked which numbers of its groups say the words that are looked for. A group
that says none of them takes the number that says least: no tariff, no harmonic, the current value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from cosem.core.obis import LogicalName
from cosem.core.obis_names import Catalogue, NamedObject, Rule, whole

_PIECE = re.compile(r"\{[^}]*\}|[^{]+")
_LETTER = re.compile(r"[a-f]")
_MARKS = re.compile(r"[,()\s]+")
_PHRASE = re.compile(r"(\S*[^\s\d]\S*)((?: \d+)*)|(\d+)")
_LETTERS = "abcdef"
_USUAL = {"b": (0,), "d": (8, 7, 0), "e": (0, 255), "f": (255,)}
"""What a group is where nothing is said of it, the most usual first."""
_MOST = 64
"""Codes that one rule gives, and all together."""


def composed(catalogues: Iterable[Catalogue], text: str) -> list[NamedObject]:
    """Codes that have all words of ``text`` in what they say, those that say little else first.

    A word may be the beginning of one; a number is whole and stands behind its word: ``tariff 2``. They have no
    constant, so their ``name`` is empty.
    """
    phrases = [_pattern(found) for found in _PHRASE.finditer(_plain(text))]
    found: dict[LogicalName, NamedObject] = {}
    for catalogue in catalogues if phrases else ():
        search = _Search(catalogue, phrases)
        for code in search.codes():
            said = catalogue.describe(code)
            if search.hits(said) == search.every:
                found.setdefault(code, NamedObject("", code, said, catalogue.classes(code)))
    return sorted(found.values(), key=lambda item: (len(item.description.split()), item.code))[:_MOST]


def _pattern(phrase: re.Match[str]) -> re.Pattern[str]:
    word, numbers, bare = phrase.groups()
    if bare:
        return re.compile(rf"(?<!\S){bare}(?!\S)")
    return re.compile(rf"(?<!\S){re.escape(word)}" + (rf"\S*{numbers}(?!\S)" if numbers else ""))


def _plain(text: str) -> str:
    return _MARKS.sub(" ", text).lower().strip()


class _Search:
    """One catalogue and the phrases that are looked for; which of them a text has is a number, a bit for each."""

    def __init__(self, catalogue: Catalogue, phrases: Sequence[re.Pattern[str]]) -> None:
        self.every = (1 << len(phrases)) - 1
        self._catalogue = catalogue
        self._phrases = phrases
        self._said: dict[tuple[str, str, bytes], Mapping[int, Sequence[int]]] = {}

    def hits(self, text: str) -> int:
        """The phrases that a text has."""
        text = _plain(text)
        return sum(1 << at for at, phrase in enumerate(self._phrases) if phrase.search(text))

    def codes(self) -> Iterator[LogicalName]:
        """Codes whose groups say all phrases between them, a number of every rule."""
        for pattern, rule in self._catalogue.rules:
            fixed, choices = self._choices(pattern, rule)
            reach = fixed
            for numbers in choices:
                for hits in numbers:
                    reach |= hits
            if reach == self.every:
                yield from self._of(fixed, choices)

    def _of(self, fixed: int, choices: Sequence[Mapping[int, Sequence[int]]]) -> Iterator[LogicalName]:
        given = 0
        for hits in product(*choices):
            if not self._suffice(fixed, hits):
                continue
            for code in product(*(numbers[each] for numbers, each in zip(choices, hits, strict=True))):
                yield LogicalName(bytes(code))
                given += 1
                if given >= _MOST:
                    return

    def _suffice(self, fixed: int, hits: Sequence[int]) -> bool:
        """Whether groups say every phrase, and none of them says only what another says as well."""
        twice = once = fixed
        for each in hits:
            twice |= once & each
            once |= each
        return once == self.every and all(not each or each & ~(twice | fixed) for each in hits)

    def _choices(self, pattern: Sequence[bytes], rule: Rule) -> tuple[int, list[Mapping[int, Sequence[int]]]]:
        """The phrases that a rule always says, and for each group its numbers by the phrases that they say."""
        pieces: dict[str, str] = {}
        for piece in _PIECE.findall(whole(rule[1])):
            slot = piece.partition("|")[0] if piece[0] == "{" else ""
            letters = "".join(sorted(set(_LETTER.findall(slot))))
            pieces[letters] = f"{pieces.get(letters, '')} {piece}"
        choices = [
            self._numbers(pieces.get(letter, ""), letter, numbers)
            for letter, numbers in zip(_LETTERS, pattern, strict=True)
        ]
        return self.hits(pieces.get("", "")), choices

    def _numbers(self, wording: str, letter: str, numbers: bytes) -> Mapping[int, Sequence[int]]:
        key = wording, letter, numbers
        if key not in self._said:
            self._said[key] = self._by_hits(wording, letter, numbers)
        return self._said[key]

    def _by_hits(self, wording: str, letter: str, numbers: bytes) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        silent: list[int] = []
        usual = [number for number in _USUAL.get(letter, ()) if number in numbers]
        for number in numbers if wording else usual[:1] or numbers[:1]:
            said = self._catalogue.fill(wording, {letter: number})
            hits = self.hits(said)
            if hits:
                found.setdefault(hits, []).append(number)
            elif (number in usual and "reserved" not in said) or not said.strip():
                silent.append(number)
            elif not silent:
                silent = [number]
        if silent:
            found[0] = [next((number for number in usual if number in silent), silent[-1])]
        return found
