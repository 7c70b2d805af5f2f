"""An overlay: what a maker or a companion standard adds to the books, and changes in them, fact by fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from cosem.codegen.errors import Span
from cosem.codegen.ir.model import Attribute, InterfaceClass, Member, Method, Model, TypeDef
from cosem.codegen.ir.obis import Pattern
from cosem.codegen.ir.types import TypeExpr

Code: TypeAlias = str
"""A logical name as written, all six groups with dots."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact stands: the overlay, the document, and the place in it."""

    overlay: str
    document: str
    place: str

    def __str__(self) -> str:
        return f"{self.overlay} ({self.document}{', ' if self.place else ''}{self.place})"


@dataclass(frozen=True, slots=True)
class Source:
    """A document or a capture that facts are taken from."""

    key: str
    title: str
    edition: str
    address: str
    span: Span = field(compare=False)

    @property
    def document(self) -> str:
        """How an origin calls it."""
        return f"{self.title} {self.edition}".rstrip()


@dataclass(frozen=True, slots=True)
class Patch:
    """What every verb has: the overlay's words for the origin, and a reason where it asks for more than the books."""

    origin: Origin
    reason: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class AddClass(Patch):
    """``add_class``."""

    cls: InterfaceClass


@dataclass(frozen=True, slots=True)
class AddRow(Patch):
    """``add_attribute`` and ``add_method``, into one version of a class."""

    class_id: int
    version: int
    row: Attribute | Method


@dataclass(frozen=True, slots=True)
class SetRow(Patch):
    """``set`` of an attribute or a method: what is None stays."""

    class_id: int
    version: int
    kind: str
    index: int
    name: str | None = None
    doc: str | None = None
    type: TypeExpr | None = None
    writable: bool | None = None
    dynamic: bool | None = None
    takes: TypeExpr | None = None
    returns: TypeExpr | None = None
    mandatory: bool | None = None


@dataclass(frozen=True, slots=True)
class RemoveRow(Patch):
    """``remove`` of an attribute or a method."""

    class_id: int
    version: int
    kind: str
    index: int


@dataclass(frozen=True, slots=True)
class AddMember(Patch):
    """``add_enum_member``; ``class_id`` where the type is a class's own."""

    type: str
    class_id: int | None
    member: Member


@dataclass(frozen=True, slots=True)
class RemoveMember(Patch):
    """``remove`` of a member of an enumeration."""

    type: str
    class_id: int | None
    number: int


@dataclass(frozen=True, slots=True)
class RemoveNamed(Patch):
    """``remove`` of what an extended overlay states: an object, an association, a push list, a quirk."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class SetObject(Patch):
    """``set`` of an object that an extended overlay lists: the entry in full, which takes the place of that one."""

    row: ObjectRow


@dataclass(frozen=True, slots=True)
class Prescribed:
    """What an object list says of one attribute; ``fixed`` is a Python literal, ``unit`` a word of the unit's type."""

    index: int
    type: TypeExpr | None
    fixed: str
    scaler: int | None
    unit: str
    reason: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What one association may do with an object; ``everywhere`` holds for attributes that are not named."""

    association: str
    everywhere: str
    attributes: tuple[tuple[int, str], ...]
    methods: tuple[int, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Column:
    """What an entry captures: an attribute of another, by name or number, and an element of it (0: the whole).

    A letter in ``pattern`` is the entry's own open group. ``class_id`` and ``index`` are found by the checks.
    """

    pattern: Pattern
    attribute: str
    element: int
    span: Span = field(compare=False)
    class_id: int = 0
    index: int = 0

    @property
    def text(self) -> str:
        """As it is written."""
        return " ".join(filter(None, (self.pattern.text, self.attribute, str(self.element or ""))))


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """An entry of the object list. A group of ``pattern`` that is written as its letter admits every number.

    ``variants`` are the kinds of the device that have it; empty: all. ``columns`` are what it captures or pushes.
    """

    name: str
    pattern: Pattern
    class_id: int
    version: int
    mandatory: bool
    attributes: tuple[Prescribed, ...]
    columns: tuple[Column, ...]
    variants: tuple[str, ...]
    access: tuple[Access, ...]
    doc: str
    origin: Origin
    span: Span = field(compare=False)

    def meets(self, other: ObjectRow) -> bool:
        """Whether there is a kind of the device that has both."""
        return not (self.variants and other.variants and set(self.variants).isdisjoint(other.variants))


@dataclass(frozen=True, slots=True)
class Association:
    """An association that the device offers."""

    name: str
    client: int
    server: int
    mechanism: int
    ciphered: bool
    suite: int | None
    policy: tuple[str, ...]
    association: Code
    security_setup: Code
    invocation_counter: Code
    pre_established: bool
    origin: Origin
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PushItem:
    """What one position of a pushed list means; ``at`` counts from 1, level by level."""

    name: str
    at: tuple[int, ...]
    obis: Code
    class_id: int | None
    attribute: int
    scaler: int | None
    unit: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PushList:
    """A pushed list, known by the number of its elements and by texts at positions and codes.

    Besides the items, the push tells its objects itself: in the element that lists them (``described_by``), or by a
    code in front of each value (``coded``).
    """

    name: str
    count: int | None
    texts: tuple[tuple[tuple[int, ...], str], ...]
    codes: tuple[tuple[Code, str], ...]
    described_by: int | None
    coded: bool
    items: tuple[PushItem, ...]
    origin: Origin
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TextPlace:
    """One pair of brackets of an object in a text telegram: an attribute by name or number, and how it is written.

    ``index``, the names and forms of a buffer's ``columns``, and a form that the type tells are found by the checks.
    """

    attribute: str
    form: str
    span: Span = field(compare=False)
    index: int = 0
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TextList:
    """A list that comes as a text telegram, known by a pattern of its identification and by values of objects.

    ``values`` are by the name of an object what stands in its brackets where that is not attribute 2 alone.
    """

    name: str
    identification: str
    codes: tuple[tuple[Code, str], ...]
    values: tuple[tuple[str, tuple[TextPlace, ...]], ...]
    origin: Origin
    span: Span = field(compare=False)


Pushed: TypeAlias = PushList | TextList


@dataclass(frozen=True, slots=True)
class LinkFact:
    """One fact of ``link``: ``value`` is a Python literal."""

    key: str
    value: str
    origin: Origin
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class QuirkUse:
    """A quirk that the device has."""

    name: str
    origin: Origin
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """One way to recognise the device."""

    flag: str
    device_name: str
    firmware: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Capture:
    """A pushed body that was seen and what it says: values by the names of a list's items.

    It is there in octets, or, of a list that comes as a text telegram, as its lines in ``text``.
    """

    list: str
    octets: str
    text: str
    values: tuple[tuple[str, str], ...]
    origin: Origin
    span: Span = field(compare=False)


ClassPatch: TypeAlias = AddClass | AddRow | SetRow | RemoveRow | AddMember | RemoveMember


@dataclass(frozen=True, slots=True)
class Overlay:
    """One file of ``spec/overlays``, or a maker's own. ``ends`` says what its sources do not tell."""

    name: str
    title: str
    python: str
    doc: str
    ends: str
    version: str
    extends: tuple[str, ...]
    variants: tuple[str, ...]
    file: str
    sources: tuple[Source, ...]
    types: tuple[TypeDef, ...]
    patches: tuple[ClassPatch, ...]
    removed: tuple[RemoveNamed, ...]
    replaced: tuple[SetObject, ...]
    objects: tuple[ObjectRow, ...]
    associations: tuple[Association, ...]
    push: tuple[Pushed, ...]
    link: tuple[LinkFact, ...]
    quirks: tuple[QuirkUse, ...]
    match: tuple[Match, ...]
    captures: tuple[Capture, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class QuirkDef:
    """A quirk that can be had: an entry of ``spec/quirks.yaml``."""

    name: str
    meaning: str
    confidence: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """What was done to an element of the books."""

    verb: str
    element: str
    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceModel:
    """A device: the last of ``overlays`` on top of those it extends, applied to ``base``.

    ``model`` has the classes as the device has them. ``versions`` are the class versions and ``types`` the types (with
    the class that owns them, or None) that are not those of ``base``. ``variants`` are the kinds that the device comes
    in.
    """

    overlays: tuple[Overlay, ...]
    base: Model
    model: Model
    versions: frozenset[tuple[int, int]]
    types: frozenset[tuple[int | None, str]]
    changes: tuple[ChangeNote, ...]
    objects: tuple[ObjectRow, ...]
    associations: tuple[Association, ...]
    push: tuple[Pushed, ...]
    link: tuple[LinkFact, ...]
    quirks: tuple[QuirkUse, ...]
    match: tuple[Match, ...]
    variants: tuple[str, ...]

    @property
    def overlay(self) -> Overlay:
        """The overlay that the device is named after."""
        return self.overlays[-1]
