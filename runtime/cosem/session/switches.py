"""What a session does other than the books say, because the device at the other end does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

from cosem.core.record import Frozen


class Switches(Frozen):
    """One switch for each quirk that is acted on, called as :class:`cosem.core.device.Quirk` calls it."""

    no_rlrq: bool = False
    no_user_information_in_aare: bool = False
    no_get_with_list: bool = False
    no_selective_access_by_range: bool = False
    inverted_deviation: bool = False
    swapped_tags: bool = False

    @classmethod
    def of(cls, quirks: Iterable[str]) -> Self:
        """The switches for quirks by their names; one that is about ciphering switches nothing."""
        named = set(quirks)
        return cls(**{name: name in named for name in cls.__match_args__})


BY_THE_BOOKS: Final = Switches()
"""Nothing is switched."""

UNKNOWN_METER: Final = Switches(no_user_information_in_aare=True)
"""For a meter that nobody knows yet: what spoils nothing with a meter that keeps to the books."""
