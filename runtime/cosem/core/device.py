"""What a maker or a companion standard says of a device beyond the books: frozen descriptions.

The generator fills them from an overlay; ``DEVICE`` of a generated package is a :class:`Device`. They hold facts only:
clients, meters and listeners decide what to do with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Literal, TypeAlias

from cosem.core.data import Data
from cosem.core.errors import InvalidValueError
from cosem.core.listed import filled, rows_of
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.push_list import PushList, PushValue
from cosem.core.quantity import HasSymbol
from cosem.core.text_list import TextList
from cosem.core.text_telegram import TextTelegram

Protection: TypeAlias = Literal[
    "authenticated_request",
    "encrypted_request",
    "digitally_signed_request",
    "authenticated_response",
    "encrypted_response",
    "digitally_signed_response",
]
"""What a security policy asks for, named as the bits of security_policy (Security setup, version 1)."""

Fixed: TypeAlias = bool | int | str | bytes
"""A value that an object list prescribes."""

_GROUPS = "abcdef"
_RANGE = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?", re.ASCII)


class Quirk(StrEnum):
    """What a device does other than the books say, as switches. The list is ``spec/quirks.yaml``; it is closed.

    EMPTY_SYSTEM_TITLE, TAG_CHECK_OFF and DEDICATED_KEY_REQUIRED are about ciphered associations and are facts only, for
    nothing is ciphered. Clients and simulated meters act on all others; NO_USER_INFORMATION_IN_RLRQ asks nothing of a
    client, whose RLRQ has none in any case.
    """

    EMPTY_SYSTEM_TITLE = "empty_system_title"
    """The responding AP title of the AARE is empty; the system title is known from elsewhere."""
    NO_RLRQ = "no_rlrq"
    """RLRQ is not understood; an association ends with the link."""
    NO_USER_INFORMATION_IN_AARE = "no_user_information_in_aare"
    """An accepting AARE has no user-information; what was proposed is granted."""
    NO_USER_INFORMATION_IN_RLRQ = "no_user_information_in_rlrq"
    """RLRQ must come without user-information, in a ciphered association, too."""
    INVERTED_DEVIATION = "inverted_deviation"
    """The deviation of a date-time is local time minus UTC, where the books have UTC minus local time."""
    TAG_CHECK_OFF = "tag_check_off"
    """The authentication key is not given to the customer; authentication tags cannot be checked."""
    SWAPPED_TAGS = "swapped_tags"
    """Tag and length of logical names in a push are exchanged: 06 09 where 09 06 is right."""
    DEDICATED_KEY_REQUIRED = "dedicated_key_required"
    """A ciphered association is refused unless a dedicated key is proposed."""
    NO_GET_WITH_LIST = "no_get_with_list"
    """GET with-list is granted in the conformance block and fails."""
    NO_SELECTIVE_ACCESS_BY_RANGE = "no_selective_access_by_range"
    """Reading a profile by range fails or gives every row; entries work."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an overlay did to an element of the books, by which verb, and why if it widens what they allow."""

    verb: str
    element: str
    origin: Origin
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ObisPattern:
    """A logical name in which some value groups are open: ``1.b.1.8.e.255``.

    Each group of ``text`` is a number, its own letter, which stands for 0 to 255, or numbers and ranges with ``/``
    between: ``0.1-4.24.1.0.255``. Raises InvalidValueError for anything else.
    """

    text: str
    groups: tuple[tuple[tuple[int, int], ...], ...] = field(init=False, repr=False, compare=False)
    """The ranges that each group admits, in order."""

    def __post_init__(self) -> None:
        parts = self.text.split(".")
        if len(parts) != 6:
            raise InvalidValueError(f"{self.text!r} does not have six value groups")
        groups = tuple(_ranges(part, letter) for part, letter in zip(parts, _GROUPS, strict=True))
        object.__setattr__(self, "groups", groups)

    @property
    def open(self) -> str:
        """The letters of the groups that are not fixed."""
        return "".join(
            letter
            for letter, ranges in zip(_GROUPS, self.groups, strict=True)
            if ranges[0][0] != ranges[-1][1]
        )

    def admits(self, name: LogicalName) -> bool:
        """Whether a logical name is one of these."""
        return all(
            any(first <= number <= last for first, last in ranges)
            for number, ranges in zip(name, self.groups, strict=True)
        )

    def at(self, **given: int) -> LogicalName:
        """The logical name with the open groups filled: ``pattern.at(b=1, e=2)``.

        Raises InvalidValueError unless every open group, and no other, is given a number that it admits.
        """
        if set(given) != set(self.open):
            raise InvalidValueError(f"{self.text} is open in {self.open or 'no group'}, not in {[*given]}")
        numbers = [given.get(letter, self.groups[at][0][0]) for at, letter in enumerate(_GROUPS)]
        if all(0 <= number <= 255 for number in numbers):
            name = LogicalName(bytes(numbers))
            if self.admits(name):
                return name
        raise InvalidValueError(f"{self.text} does not admit {given}")


def _ranges(part: str, letter: str) -> tuple[tuple[int, int], ...]:
    """One value group of a pattern."""
    if part == letter:
        return ((0, 255),)
    match = [_RANGE.fullmatch(each) for each in part.split("/")]
    found = sorted((int(each[1]), int(each[2] or each[1])) for each in match if each is not None)
    if len(found) != len(match) or any(not first <= last <= 255 for first, last in found):
        raise InvalidValueError(f"{part!r} is no value group: a number, ranges such as 1-4, or {letter!r}")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ObjectAccess:
    """What one association may do with an object, by attribute and method index."""

    readable: frozenset[int] = frozenset()
    writable: frozenset[int] = frozenset()
    callable: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Prescribed:
    """What an object list says of one attribute. ``type`` is a type of the notation, narrower than the class's."""

    type: str = ""
    value: Fixed | None = None
    scaler: int | None = None
    unit: HasSymbol | None = None


@dataclass(frozen=True, slots=True)
class DeviceColumn:
    """What a profile captures or a push setup sends: an attribute of an object, and an element of it (0: the whole).

    A letter in ``codes`` is a group that is open in the row itself: ``column.codes.at(b=1)`` for channel 1.
    """

    codes: ObisPattern
    class_id: int
    attribute: int
    element: int = 0


@dataclass(frozen=True, slots=True)
class DeviceObject:
    """A row of a device's object list. ``access`` has the associations that may see it; empty: nothing is said.

    ``columns`` are what a profile, compact data or push setup captures. ``variants`` are the kinds of the device
    that have the object; empty: all.
    """

    name: str
    codes: ObisPattern
    class_id: int
    version: int
    origin: Origin
    mandatory: bool = True
    attributes: Mapping[int, Prescribed] = field(
        default_factory=lambda: MappingProxyType[int, Prescribed]({})
    )
    columns: tuple[DeviceColumn, ...] = ()
    variants: tuple[str, ...] = ()
    access: Mapping[str, ObjectAccess] = field(
        default_factory=lambda: MappingProxyType[str, ObjectAccess]({})
    )


@dataclass(frozen=True, slots=True)
class DeviceAssociation:
    """An association that a device offers: who may open it and how it is protected.

    ``mechanism`` is the last arc of the mechanism name (0 lowest, 1 low, 2 and up high level security), ``suite`` the
    security suite of a ciphered one, ``policy`` what the device asks of every message.
    """

    name: str
    client_sap: int
    origin: Origin
    server_sap: int = 1
    mechanism: int = 0
    ciphered: bool = False
    suite: int | None = None
    policy: frozenset[Protection] = frozenset()
    association: LogicalName | None = None
    security_setup: LogicalName | None = None
    invocation_counter: LogicalName | None = None
    pre_established: bool = False


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """How a device is reached; None where nothing is said. Times are in milliseconds, sizes in octets.

    Clients act on all of it but ``wake_up`` and ``baud_switch``: both belong to the sign-on of IEC 62056-21, which is
    not available, so nothing acts on them.
    """

    start: Literal["hdlc", "wrapper", "iec21", "mbus"] | None = None
    """What the line begins with; "iec21" is mode E, then HDLC. "iec21" and "mbus" are refused on a serial line."""
    baud_rate: int | None = None
    parity: Literal["none", "even", "odd"] | None = None
    data_bits: int | None = None
    stop_bits: int | None = None
    wake_up: bool | None = None
    """The device sleeps, and is woken before the sign-on. Nothing acts on it."""

    baud_switch: bool | None = None
    """The sign-on agrees on another baud rate. Nothing acts on it."""

    window_size: int | None = None
    maximum_information_field_length: int | None = None
    maximum_pdu_size: int | None = None
    inter_frame_gap: int | None = None
    """Silence that an HDLC line needs behind what the device sent: a client waits as long before it speaks."""

    inactivity_timeout: int | None = None
    """Silence after which the device drops a link, 0 is never: a simulated meter does, and a client on asyncio keeps an
    HDLC link up with RR in half of that time."""

    physical_address: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How a device is recognised; each text is a pattern with ``*`` and ``?``, an empty one says nothing."""

    flag: str = ""
    device_name: str = ""
    firmware: str = ""

    def fits(self, *, flag: str = "", device_name: str = "", firmware: str = "") -> bool:
        """Whether what is known of a device (its FLAG id, logical device name, firmware) is what is asked for."""
        asked = ((self.flag, flag), (self.device_name, device_name), (self.firmware, firmware))
        return all(not pattern or fnmatchcase(found, pattern) for pattern, found in asked)


@dataclass(frozen=True, slots=True)
class Device:
    """Everything that an overlay and those it extends say of a device; no class is imported for it.

    ``ends`` says what the sources do not tell, or nothing. ``variants`` are the kinds that it comes in, such as
    single_phase and polyphase. ``push`` are the lists that it sends as Data, ``text_lists`` those that it sends as text
    telegrams.
    """

    name: str
    title: str
    ends: str = ""
    extends: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    match: tuple[Match, ...] = ()
    associations: tuple[DeviceAssociation, ...] = ()
    objects: tuple[DeviceObject, ...] = ()
    push: tuple[PushList, ...] = ()
    text_lists: tuple[TextList, ...] = ()
    link: LinkFacts = field(default_factory=LinkFacts)
    quirks: Mapping[Quirk, Origin] = field(default_factory=lambda: MappingProxyType[Quirk, Origin]({}))
    changes: tuple[Change, ...] = ()

    def association(self, name: str) -> DeviceAssociation | None:
        """An association by its name."""
        return next((each for each in self.associations if each.name == name), None)

    def objects_of(self, variant: str = "") -> tuple[DeviceObject, ...]:
        """The object list of one variant, or all of it. Raises InvalidValueError if there is no such variant."""
        if not variant:
            return self.objects
        if variant not in self.variants:
            known = ", ".join(self.variants) or "none"
            raise InvalidValueError(f"{self.title} has no variant {variant!r}; there are {known}")
        return tuple(each for each in self.objects if not each.variants or variant in each.variants)

    def find(self, class_id: int, name: LogicalName, variant: str = "") -> DeviceObject | None:
        """The row of the object list that an object belongs to; one without open groups goes first.

        Rows of other variants count only if no variant is given: then the first of those alike. Raises
        InvalidValueError if there is no such variant.
        """
        return next(iter(self.rows(class_id, name, variant)), None)

    def rows(self, class_id: int, name: LogicalName, variant: str = "") -> list[DeviceObject]:
        """The rows that an object may belong to: those with the fewest open groups, several where variants differ.

        Raises InvalidValueError if there is no such variant.
        """
        return rows_of(self.objects_of(variant), name, class_id)

    def name_of(self, class_id: int, name: LogicalName) -> str:
        """What the object list calls an object, with open groups: ``active_energy(e=2)``; empty if it is not there."""
        row = self.find(class_id, name)
        if row is None or not row.codes.open:
            return "" if row is None else row.name
        groups = (f"{letter}={number}" for letter, number in filled(row, name).items())
        return f"{row.name}({', '.join(groups)})"

    def prescribed(self, class_id: int, name: LogicalName, attribute: int) -> Prescribed | None:
        """What the object list says of an attribute; None if nothing, or not the same for every variant."""
        said = [each.attributes.get(attribute) for each in self.rows(class_id, name)]
        return said[0] if said and all(each == said[0] for each in said) else None

    def fits(self, *, flag: str = "", device_name: str = "", firmware: str = "") -> bool:
        """Whether one of the ways to recognise the device fits."""
        return any(each.fits(flag=flag, device_name=device_name, firmware=firmware) for each in self.match)

    def read_push(self, body: Data | TextTelegram) -> tuple[PushList | TextList, list[PushValue]] | None:
        """What a notification body or a text telegram says, and as which list; None if it is none of the device's.

        Raises DecodeError if the body is malformed.
        """
        if isinstance(body, TextTelegram):
            text = max((each for each in self.text_lists if each.fits(body)), key=_conditions, default=None)
            return None if text is None else (text, text.read(body, self.objects))
        found = max((each for each in self.push if each.fits(body)), key=_conditions, default=None)
        return None if found is None else (found, found.read(body, self.objects))


def _conditions(known: PushList | TextList) -> int:
    return known.conditions
