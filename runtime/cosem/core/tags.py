"""The tags of the Data CHOICE (Green Book 9.5) and the octets that follow each."""

from __future__ import annotations

from enum import Enum, IntEnum


class Tag(IntEnum):
    """The alternatives of Data."""

    NULL_DATA = 0
    ARRAY = 1
    STRUCTURE = 2
    BOOLEAN = 3
    BIT_STRING = 4
    DOUBLE_LONG = 5
    DOUBLE_LONG_UNSIGNED = 6
    OCTET_STRING = 9
    VISIBLE_STRING = 10
    UTF8_STRING = 12
    BCD = 13
    INTEGER = 15
    LONG = 16
    UNSIGNED = 17
    LONG_UNSIGNED = 18
    COMPACT_ARRAY = 19
    LONG64 = 20
    LONG64_UNSIGNED = 21
    ENUM = 22
    FLOAT32 = 23
    FLOAT64 = 24
    DATE_TIME = 25
    DATE = 26
    TIME = 27
    DELTA_INTEGER = 28
    DELTA_LONG = 29
    DELTA_DOUBLE_LONG = 30
    DELTA_UNSIGNED = 31
    DELTA_LONG_UNSIGNED = 32
    DELTA_DOUBLE_LONG_UNSIGNED = 33
    DONT_CARE = 255

    @property
    def book_name(self) -> str:
        """The name as the books spell it: ``double-long-unsigned``."""
        return self.name.lower().replace("_", "-")


class DontCare(Enum):
    """The value of dont-care (255), which null-data (None) is not."""

    DONT_CARE = 255

    def __repr__(self) -> str:
        return "DONT_CARE"


DONT_CARE = DontCare.DONT_CARE

NUMBER_FORMATS: dict[int, str] = {
    Tag.BOOLEAN: "?",
    Tag.DOUBLE_LONG: "i",
    Tag.DOUBLE_LONG_UNSIGNED: "I",
    Tag.BCD: "b",
    Tag.INTEGER: "b",
    Tag.LONG: "h",
    Tag.UNSIGNED: "B",
    Tag.LONG_UNSIGNED: "H",
    Tag.LONG64: "q",
    Tag.LONG64_UNSIGNED: "Q",
    Tag.ENUM: "B",
    Tag.FLOAT32: "f",
    Tag.FLOAT64: "d",
    Tag.DELTA_INTEGER: "b",
    Tag.DELTA_LONG: "h",
    Tag.DELTA_DOUBLE_LONG: "i",
    Tag.DELTA_UNSIGNED: "B",
    Tag.DELTA_LONG_UNSIGNED: "H",
    Tag.DELTA_DOUBLE_LONG_UNSIGNED: "I",
}
"""The struct letter of every alternative that is one number. bcd is an Integer8 in the Data CHOICE."""

UNKNOWN, STRING, BITS, CONTAINER, COMPACT = -1, -2, -3, -4, -5
"""What :data:`CONTENT_OCTETS` says of a tag whose content has no fixed size."""


def _content_octets() -> tuple[int, ...]:
    octets = [UNKNOWN] * 256
    widths = {"?": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "q": 8, "Q": 8, "f": 4, "d": 8}
    for tag, letter in NUMBER_FORMATS.items():
        octets[tag] = widths[letter]
    octets[Tag.NULL_DATA] = octets[Tag.DONT_CARE] = 0
    octets[Tag.DATE_TIME], octets[Tag.DATE], octets[Tag.TIME] = 12, 5, 4
    octets[Tag.OCTET_STRING] = octets[Tag.VISIBLE_STRING] = octets[Tag.UTF8_STRING] = STRING
    octets[Tag.BIT_STRING] = BITS
    octets[Tag.ARRAY] = octets[Tag.STRUCTURE] = CONTAINER
    octets[Tag.COMPACT_ARRAY] = COMPACT
    return tuple(octets)


CONTENT_OCTETS = _content_octets()
"""By tag: the octets of the content, or one of UNKNOWN, STRING, BITS, CONTAINER, COMPACT."""


def tag_name(tag: int) -> str:
    """The book's name of a tag, also of one that no book knows."""
    return Tag(tag).book_name if CONTENT_OCTETS[tag] != UNKNOWN else f"tag {tag}"
