"""Walk over Data without building values."""

from __future__ import annotations

from cosem.core.errors import DecodeError, IncompleteError, LimitError
from cosem.core.late import compact, frames
from cosem.core.lengths import read_count, read_length
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.core.tags import BITS, COMPACT, CONTAINER, CONTENT_OCTETS, STRING, Tag

_MANY = 8
"""Arrays from this count on are searched for elements that are laid out alike."""


def skip(b: bytes, p: int, limits: Limits = DEFAULT_LIMITS) -> int:
    """The position behind the Data at ``p``, all of it checked as far as its octets can tell.

    Raises DecodeError (IncompleteError where the octets end, LimitError beyond the limits).
    """
    try:
        return _skip(b, p, limits, limits.elements, 0)[0]
    except IndexError:
        raise IncompleteError("the value ends early", offset=len(b)) from None


def _skip(b: bytes, p: int, limits: Limits, budget: int, outside: int) -> tuple[int, int]:
    """The position behind, and what is left of the budget of elements. Nesting is held in a list, not in
    calls."""
    outer: list[int] = []
    missing = 1
    end = len(b)
    while True:
        while missing:
            tag = b[p]
            p += 1
            octets = CONTENT_OCTETS[tag]
            if octets >= 0:
                p += octets
            elif octets == STRING:
                length, p = read_length(b, p)
                p += length
            elif octets == CONTAINER:
                depth = outside + len(outer)
                if depth >= limits.depth:
                    raise LimitError("values nest too deep", offset=p - 1)
                count, p = read_count(b, p, budget)
                budget -= count
                if count < _MANY or tag != Tag.ARRAY or depth > 1:
                    outer.append(missing - 1)
                    missing = count
                    continue
                p, budget = _skip_alike(b, p, count, limits, budget, depth + 1)
            elif octets == BITS:
                length, p = read_length(b, p)
                p += (length + 7) // 8
            elif octets == COMPACT:
                array = compact.open_compact_array(b, p, limits, outside + len(outer) + 1)
                count = compact.count_elements(array, b, limits)
                budget -= count * array.element.values
                if budget < 0:
                    raise LimitError(f"more than {limits.elements} values", offset=p)
                p = array.end
            else:
                raise DecodeError(f"no Data has tag {tag}", offset=p - 1)
            missing -= 1
        if p > end:
            raise IncompleteError("the value ends early", offset=end)
        if not outer:
            return p, budget
        missing = outer.pop()


def _skip_alike(b: bytes, p: int, count: int, limits: Limits, budget: int, outside: int) -> tuple[int, int]:
    recogniser = frames.Recogniser(lambda b, p: frames.Frame(b, p, limits, outside))
    while count:
        found = recogniser.find(b, p, count)
        if found is None:
            p, budget = _skip(b, p, limits, budget, outside)
            count -= 1
            continue
        frame, alike = found
        p += frame.size * alike
        count -= alike
        budget -= (frame.values - 1) * alike
        if budget < 0:
            raise LimitError(f"more than {limits.elements} values", offset=p)
    return p, budget
