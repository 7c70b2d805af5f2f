"""What an association may see and do, object by object."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from types import MappingProxyType
from typing import Final

from cosem.core.data import Data
from cosem.core.lengths import write_length
from cosem.core.obis import LogicalName
from cosem.server.hosted import HostedObject, Key

_NO_SELECTORS: Final = b"\x00"


class Access(IntFlag):
    """What may be done with an attribute, in the numbers of access_mode (Blue Book 4.4.4)."""

    NONE = 0
    READ = 1
    WRITE = 2
    READ_WRITE = 3


@dataclass(frozen=True, slots=True)
class ObjectRights:
    """What differs from the defaults for one object, or for all of one class; None and what is left out do not differ.

    Attributes and methods are named or numbered. A right that is named holds even where the class table calls an
    attribute read-only, if the object takes it.
    """

    visible: bool | None = None
    default: Access | None = None
    attributes: Mapping[Key, Access] = field(default_factory=lambda: MappingProxyType[Key, Access]({}))
    methods: Mapping[Key, bool] = field(default_factory=lambda: MappingProxyType[Key, bool]({}))


_DEFAULTS: Final = ObjectRights()


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of one association: defaults, then what differs by class, then what differs by object.

    ``default`` holds for every attribute; writing is granted by default only where the class table has the
    attribute writable. ``visible`` lists the objects that are there for this client (None: all).
    """

    default: Access = Access.READ
    methods: bool = False
    visible: Collection[bytes] | None = None
    classes: Mapping[int, ObjectRights] = field(
        default_factory=lambda: MappingProxyType[int, ObjectRights]({})
    )
    objects: Mapping[bytes, ObjectRights] = field(
        default_factory=lambda: MappingProxyType[bytes, ObjectRights]({})
    )

    def grants(self, objects: Iterable[HostedObject]) -> Grants:
        """The rights worked out for these objects."""
        granted: dict[bytes, Grant] = {}
        for hosted in objects:
            grant = self._grant(hosted)
            if grant is not None:
                granted[hosted.logical_name] = grant
        return Grants(granted)

    def _grant(self, hosted: HostedObject) -> Grant | None:
        by_class = self.classes.get(hosted.description.CLASS_ID, _DEFAULTS)
        by_object = self.objects.get(hosted.logical_name, _DEFAULTS)
        visible = self.visible is None or hosted.logical_name in self.visible
        for special in (by_class, by_object):
            visible = visible if special.visible is None else special.visible
        if not visible:
            return None
        attributes = {
            index: self._access(hosted, index, by_class, by_object) for index in hosted.description.ATTRIBUTES
        }
        methods = {
            index: hosted.callable(index) and self._may_call(index, spec.name, by_class, by_object)
            for index, spec in hosted.description.METHODS.items()
        }
        return Grant(hosted, attributes, methods)

    def _access(
        self, hosted: HostedObject, index: int, by_class: ObjectRights, by_object: ObjectRights
    ) -> Access:
        spec = hosted.description.ATTRIBUTES[index]
        access = self.default
        for special in (by_class, by_object):
            access = access if special.default is None else special.default
        if index == 1:
            return Access.READ
        if not spec.writable:
            access &= ~Access.WRITE
        for special in (by_class, by_object):
            access = special.attributes.get(spec.name, special.attributes.get(index, access))
        if not hosted.readable(index):
            access &= ~Access.READ
        return access if hosted.writable(index) else access & ~Access.WRITE

    def _may_call(self, index: int, name: str, by_class: ObjectRights, by_object: ObjectRights) -> bool:
        may = self.methods
        for special in (by_class, by_object):
            may = special.methods.get(name, special.methods.get(index, may))
        return may


class Grant:
    """What one association may do with one object; a row of its object_list."""

    __slots__ = ("attributes", "class_id", "logical_name", "methods", "selectors", "version")

    def __init__(
        self, hosted: HostedObject, attributes: Mapping[int, Access], methods: Mapping[int, bool]
    ) -> None:
        description = hosted.description
        self.class_id = description.CLASS_ID
        self.version = description.VERSION
        self.logical_name = description.logical_name
        self.attributes = {index: int(access) for index, access in attributes.items()}
        """Attribute → 1 readable, 2 writable, 3 both, 0 neither; every attribute of the class."""
        self.methods = dict(methods)
        self.selectors = {
            index: sorted(spec.selectors) for index, spec in description.ATTRIBUTES.items() if spec.selectors
        }

    def element(self, association_version: int, *, with_rights: bool = True) -> bytes:
        """The element of object_list, as that version of Association LN has it (Blue Book 4.4.4).

        Without rights, the lists of rights are empty.
        """
        head = b"\x02\x04\x12%b\x11%c\x09\x06%b\x02\x02" % (
            self.class_id.to_bytes(2),
            self.version,
            self.logical_name,
        )
        if not with_rights:
            return head + b"\x01\x00\x01\x00"
        attributes = [
            b"\x02\x03\x0f%b\x16%c%b" % (_integer(index), access, self._selectors(index))
            for index, access in self.attributes.items()
        ]
        tag = b"\x03" if association_version == 0 else b"\x16"  # boolean became an enum
        methods = [b"\x02\x02\x0f%b%b%c" % (_integer(index), tag, may) for index, may in self.methods.items()]
        return head + _array(attributes) + _array(methods)

    def _selectors(self, index: int) -> bytes:
        selectors = self.selectors.get(index)
        return (
            _NO_SELECTORS
            if selectors is None
            else _array([b"\x0f" + _integer(number) for number in selectors])
        )


class Grants(Mapping[bytes, Grant]):
    """Logical name → what is granted; objects that an association does not see are not in it.

    It holds nothing of the objects behind it, so devices that are alike can share one.
    """

    __slots__ = ("_granted", "_lists")

    def __init__(self, granted: Mapping[bytes, Grant]) -> None:
        self._granted = dict(granted)
        self._lists: dict[int, Data] = {}

    def __getitem__(self, logical_name: bytes) -> Grant:
        return self._granted[logical_name]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._granted)

    def __len__(self) -> int:
        return len(self._granted)

    def find(self, logical_name: bytes) -> Grant | None:
        """The same as ``get``, quicker: every request asks."""
        return self._granted.get(logical_name)

    def object_list(self, association_version: int) -> Data:
        """The whole object_list, as that version of Association LN has it."""
        made = self._lists.get(association_version)
        if made is None:
            made = Data(_array([grant.element(association_version) for grant in self._granted.values()]))
            self._lists[association_version] = made
        return made

    def selected(self, association_version: int, names: Collection[tuple[int, LogicalName]]) -> Data:
        """The elements of these objects, in the order of the list."""
        wanted = set(names)
        return Data(
            _array(
                [
                    grant.element(association_version)
                    for grant in self._granted.values()
                    if (grant.class_id, grant.logical_name) in wanted
                ]
            )
        )

    def without_rights(self, association_version: int, classes: Collection[int] | None = None) -> Data:
        """The elements of these classes (None: of all), their rights left out."""
        return Data(
            _array(
                [
                    grant.element(association_version, with_rights=False)
                    for grant in self._granted.values()
                    if classes is None or grant.class_id in classes
                ]
            )
        )


def _array(elements: list[bytes]) -> bytes:
    return b"\x01" + write_length(len(elements)) + b"".join(elements)


def _integer(number: int) -> bytes:
    return number.to_bytes(1, signed=True)
