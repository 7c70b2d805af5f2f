"""compact-array: one type description, then the contents of all elements without tags (Green Book 9.5)."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.core.errors import DecodeError, IncompleteError, LimitError
from cosem.core.lengths import read_count, read_length, write_length
from cosem.core.limits import Limits
from cosem.core.simple import Value, read_simple
from cosem.core.tags import BITS, COMPACT, CONTENT_OCTETS, STRING, UNKNOWN, Tag

_DEEPEST = 100
"""Nesting beyond this is refused whatever Limits say: descriptions are walked recursively."""


@dataclass(frozen=True, slots=True)
class Description:
    """The type of an element: a tag, and for array and structure what is inside."""

    tag: int
    inner: tuple[Description, ...] = ()
    repeat: int = 1
    """array: how many elements each array has."""
    size: int | None = 0
    """Octets of one element; None if they vary."""
    minimum: int = 0
    """Octets that one element takes at least."""
    values: int = 1
    """Values in one element, arrays and structures included."""


@dataclass(frozen=True, slots=True)
class CompactArray:
    """A compact-array taken apart: its elements are from ``start`` to ``end``; ``count`` is None if sizes vary."""

    element: Description
    start: int
    end: int
    count: int | None


def read_description(b: bytes, p: int, limits: Limits, depth: int = 1) -> tuple[Description, int]:
    """A type description and the position behind it."""
    if depth > min(limits.depth, _DEEPEST):
        raise LimitError("a type description nests too deep", offset=p)
    tag = b[p]
    p += 1
    if tag == Tag.ARRAY:
        repeat = b[p] << 8 | b[p + 1]
        inner, p = read_description(b, p + 2, limits, depth + 1)
        if inner.minimum == 0:
            raise LimitError("an array whose elements have no octets", offset=p)
        size = None if inner.size is None else inner.size * repeat
        values = 1 + inner.values * repeat
        if values > limits.elements:
            raise LimitError(f"elements of {values} values", offset=p)
        return Description(tag, (inner,), repeat, size, inner.minimum * repeat, values), p
    if tag == Tag.STRUCTURE:
        count, p = read_count(b, p, limits.elements)
        fields: list[Description] = []
        values = 1
        for _ in range(count):
            field, p = read_description(b, p, limits, depth + 1)
            fields.append(field)
            values += field.values
            if values > limits.elements:
                raise LimitError(f"elements of {values} values", offset=p)
        sizes = [field.size for field in fields if field.size is not None]
        size = sum(sizes) if len(sizes) == count else None
        return Description(tag, tuple(fields), 1, size, sum(field.minimum for field in fields), values), p
    octets = CONTENT_OCTETS[tag]
    if octets in (UNKNOWN, COMPACT):
        raise DecodeError(f"no type description has tag {tag}", offset=p - 1)
    if octets in (STRING, BITS):
        return Description(tag, (), 1, None, 1), p
    return Description(tag, (), 1, octets, octets), p


def open_compact_array(b: bytes, p: int, limits: Limits, depth: int = 1) -> CompactArray:
    """Take apart what follows tag 19. Elements of fixed size are counted and bounded, others not looked at."""
    element, p = read_description(b, p, limits, depth)
    if element.minimum == 0:
        raise DecodeError("elements of a compact-array have no octets", offset=p)
    length, p = read_length(b, p)
    end = p + length
    if end > len(b):
        raise IncompleteError(f"{length} octets of contents announced, {len(b) - p} left", offset=p)
    if element.size is None:
        return CompactArray(element, p, end, None)
    count, rest = divmod(length, element.size)
    if rest:
        raise DecodeError(f"contents end inside an element of {element.size} octets", offset=end - rest)
    if count * element.values > limits.elements:
        raise LimitError(f"{count * element.values} values, {limits.elements} allowed", offset=p)
    return CompactArray(element, p, end, count)


def skip_element(element: Description, b: bytes, p: int) -> int:
    """The position behind one element; may lie behind the end of the octets."""
    if element.size is not None:
        return p + element.size
    if element.tag in (Tag.ARRAY, Tag.STRUCTURE):
        for _ in range(element.repeat):
            for inner in element.inner:
                p = skip_element(inner, b, p)
        return p
    length, p = read_length(b, p)
    return p + (length if element.tag != Tag.BIT_STRING else (length + 7) // 8)


def read_element(element: Description, b: bytes, p: int) -> tuple[Value, int]:
    """One element and the position behind it."""
    if element.tag not in (Tag.ARRAY, Tag.STRUCTURE):
        return read_simple(element.tag, b, p)
    values: list[Value] = []
    for _ in range(element.repeat):
        for inner in element.inner:
            value, p = read_element(inner, b, p)
            values.append(value)
    return (values if element.tag == Tag.ARRAY else tuple(values)), p


def element_octets(element: Description, b: bytes, p: int) -> tuple[bytes, int]:
    """One element as Data of its own, tags included, and the position behind it in the contents."""
    tag = bytes((element.tag,))
    if element.tag not in (Tag.ARRAY, Tag.STRUCTURE):
        end = skip_element(element, b, p)
        return tag + b[p:end], end
    parts = [tag, write_length(element.repeat * len(element.inner))]
    for _ in range(element.repeat):
        for inner in element.inner:
            part, p = element_octets(inner, b, p)
            parts.append(part)
    return b"".join(parts), p


def element_positions(array: CompactArray, b: bytes, limits: Limits) -> list[int]:
    """Where each element begins, and the end of the last; all elements are walked and bounded."""
    element, p, end = array.element, array.start, array.end
    if element.size is not None:
        return list(range(p, end + 1, element.size))
    starts = [p]
    budget = limits.elements
    while p < end:
        budget -= element.values
        if budget < 0:
            raise LimitError(f"more than {limits.elements} values", offset=p)
        p = skip_element(element, b, p)
        starts.append(p)
    if p != end:
        raise DecodeError("the last element passes the end of the contents", offset=end)
    return starts


def count_elements(array: CompactArray, b: bytes, limits: Limits) -> int:
    """How many elements there are; those of varying size are walked and bounded."""
    return len(element_positions(array, b, limits)) - 1 if array.count is None else array.count


def read_compact_array(b: bytes, p: int, limits: Limits, depth: int = 1) -> tuple[list[Value], int, int]:
    """What follows tag 19: the elements, the values in them all, and the position behind."""
    array = open_compact_array(b, p, limits, depth)
    starts = element_positions(array, b, limits)
    elements = [read_element(array.element, b, start)[0] for start in starts[:-1]]
    return elements, len(elements) * array.element.values, array.end
