"""A hosted object: a described COSEM object and the values behind it.

Any class can be hosted, generated or made by :func:`custom_class`: its table says how values are encoded and checked.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

from cosem.apdu import ActionResult, DataAccessResult
from cosem.core.access import AttributeSpec, CosemObject, MethodSpec, Selection
from cosem.core.codec import Codec
from cosem.core.codecs import DATA, LOGICAL_NAME
from cosem.core.data import Data
from cosem.core.errors import AccessError, ActionError, DecodeError, InvalidValueError
from cosem.core.limits import DEFAULT_LIMITS
from cosem.core.obis import LogicalName
from cosem.core.simple import Value

T = TypeVar("T")

Key: TypeAlias = str | int
"""An attribute or a method: its name in the class table, or its number."""

# The class table, not the type checker, says which value a handler is given: that of the codec of its row.
Setter: TypeAlias = Callable[[Any], None]
"""Is told the typed value that a client writes, before it is kept; may refuse by raising AccessError."""

Method: TypeAlias = Callable[[Any], object]
"""Is given the typed parameter, returns what the class table says, or None; may refuse by raising ActionError."""

_NOTHING: Final[Mapping[Key, Any]] = MappingProxyType({})
_NONE: Final[Mapping[int, Any]] = MappingProxyType({})


class HostedObject:
    """One object of a logical device.

    ``values`` gives attributes by name or number: a typed value, Data that is encoded already, or a function without
    parameters that returns either, for what changes by itself. Attribute 1 is the logical name. An attribute without a
    value or a setter is not there: no association grants it.

    Raises EncodeError for a value that is none of its type, InvalidValueError for an unknown attribute or method.
    """

    __slots__ = ("_live", "_methods", "_setters", "_shared", "_static", "description")

    def __init__(
        self,
        description: CosemObject,
        values: Mapping[Key, object] = _NOTHING,
        *,
        setters: Mapping[Key, Setter] = _NOTHING,
        methods: Mapping[Key, Method] = _NOTHING,
    ) -> None:
        self.description = description
        self._static: dict[int, Data] = {1: LOGICAL_NAME.encode_data(description.logical_name)}
        self._shared = False
        # Most objects have none of these, and a meter has a hundred objects: they share one that is empty.
        self._live: Mapping[int, Callable[[], object]] = _NONE
        self._setters: Mapping[int, Setter] = _NONE
        self._methods: Mapping[int, Method] = _NONE
        self.bind(values, setters=setters, methods=methods)

    def bind(
        self,
        values: Mapping[Key, object] = _NOTHING,
        *,
        setters: Mapping[Key, Setter] = _NOTHING,
        methods: Mapping[Key, Method] = _NOTHING,
    ) -> None:
        """Add or replace values, setters and methods."""
        for key, value in values.items():
            index = self.attribute(key)
            if callable(value):
                self._drop(index)
                self._live = {**self._live, index: value}
            else:
                self._keep(index, self._encoded(index, value))
        if setters:
            named = {self.attribute(key): setter for key, setter in setters.items()}
            self._setters = {**self._setters, **named}
        if methods:
            numbered = {self.method(key): method for key, method in methods.items()}
            self._methods = {**self._methods, **numbered}

    def copy(self) -> HostedObject:
        """The description and the values that stand still, for another device; shared until either writes.

        What is live belongs to its device: bind it anew.
        """
        copy = HostedObject(self.description)
        copy._static = self._static
        copy._shared = self._shared = True
        return copy

    @property
    def logical_name(self) -> LogicalName:
        """The logical name."""
        return self.description.logical_name

    def attribute(self, key: Key) -> int:
        """The number of an attribute. Raises InvalidValueError if the class has none of that name or number."""
        for index, spec in self.description.ATTRIBUTES.items():
            if key in (index, spec.name):
                return index
        raise InvalidValueError(f"{self.description!r} has no attribute {key!r}")

    def method(self, key: Key) -> int:
        """The number of a method. Raises InvalidValueError if the class has none of that name or number."""
        for index, spec in self.description.METHODS.items():
            if key in (index, spec.name):
                return index
        raise InvalidValueError(f"{self.description!r} has no method {key!r}")

    def readable(self, index: int) -> bool:
        """Whether there is a value behind an attribute."""
        return index in self._static or index in self._live

    def writable(self, index: int) -> bool:
        """Whether an attribute takes a value."""
        return index != 1 and (index in self._setters or index in self._static)

    def callable(self, index: int) -> bool:
        """Whether there is something behind a method."""
        return index in self._methods

    def get(self, index: int, selection: Selection | None = None) -> Data:
        """Read an attribute, or the part of it that ``selection`` names. Raises AccessError."""
        if selection is not None:
            return self.select(index, selection)
        source = self._live.get(index)
        if source is not None:
            return self._encoded(index, source())
        value = self._static.get(index)
        if value is None:
            raise AccessError(DataAccessResult.READ_WRITE_DENIED)
        return value

    def select(self, index: int, selection: Selection) -> Data:
        """Read a part of an attribute; classes that have selectors do so. Raises AccessError."""
        raise AccessError(DataAccessResult.SCOPE_OF_ACCESS_VIOLATED)

    def set(self, index: int, value: Data, selection: Selection | None = None) -> None:
        """Write an attribute as a client does: only the exact type is taken. Raises AccessError."""
        if selection is not None:
            raise AccessError(DataAccessResult.SCOPE_OF_ACCESS_VIOLATED)
        if not self.writable(index):
            raise AccessError(DataAccessResult.READ_WRITE_DENIED)
        typed = self._checked(index, value)
        setter = self._setters.get(index)
        if setter is not None:
            setter(typed)
        if index in self._static:
            self._keep(index, value)

    def call(self, index: int, parameters: Data | None) -> Data | None:
        """Invoke a method as a client does. Raises ActionError."""
        method = self._methods.get(index)
        if method is None:
            raise ActionError(ActionResult.READ_WRITE_DENIED)
        spec = self.description.METHODS[index]
        parameter: object = None
        if spec.takes is not None:
            try:
                parameter = decode_strictly(spec.takes, b"" if parameters is None else parameters.octets)
            except DecodeError:
                raise ActionError(ActionResult.TYPE_UNMATCHED) from None
        returned = method(parameter)
        if returned is None or isinstance(returned, Data):
            return returned
        if spec.returns is None:
            raise InvalidValueError(f"{self.description!r} method {spec.name} returns nothing")
        return spec.returns.encode_data(returned)

    def put(self, key: Key, value: object) -> None:
        """Write an attribute from inside the meter: no setter is told. Raises EncodeError."""
        self.bind({key: value})

    def value(self, key: Key) -> Value:
        """An attribute in plain Python, see :attr:`cosem.core.data.Data.value`. Raises AccessError."""
        return self.get(self.attribute(key)).value

    def _keep(self, index: int, value: Data) -> None:
        self._unshare()
        if index in self._live:
            self._live = {key: source for key, source in self._live.items() if key != index}
        self._static[index] = value

    def _drop(self, index: int) -> None:
        if index in self._static:
            self._unshare()
            del self._static[index]

    def _unshare(self) -> None:
        if self._shared:
            self._static, self._shared = dict(self._static), False

    def _encoded(self, index: int, value: object) -> Data:
        return (
            value if isinstance(value, Data) else self.description.ATTRIBUTES[index].codec.encode_data(value)
        )

    def _checked(self, index: int, value: Data) -> object:
        """The typed value. Where the class leaves the type open it is that of the present value."""
        codec = self.description.ATTRIBUTES[index].codec
        try:
            typed: object = decode_strictly(codec, value.octets)
        except DecodeError:
            raise AccessError(DataAccessResult.TYPE_UNMATCHED) from None
        if codec is DATA and self.readable(index) and value.octets[0] != self.get(index).octets[0]:
            raise AccessError(DataAccessResult.TYPE_UNMATCHED)
        return typed

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.description!r})"


def decode_strictly(codec: Codec[T], octets: bytes) -> T:
    """The value of exactly these octets and of exactly this type. Raises DecodeError."""
    try:
        value, end = codec.read(octets, 0, DEFAULT_LIMITS)
    except (IndexError, struct.error):
        raise DecodeError(f"{codec.notation} ends early", offset=len(octets)) from None
    if end != len(octets):
        raise DecodeError(f"octets left behind {codec.notation}", offset=end)
    return value


def custom_class(
    class_id: int,
    version: int,
    attributes: Iterable[AttributeSpec | int],
    methods: Iterable[MethodSpec | int] = (),
    *,
    name: str = "",
) -> type[CosemObject]:
    """A class by hand: attributes and methods by number alone carry any Data. Attribute 1 is always there."""
    specs = [AttributeSpec(1, "logical_name", LOGICAL_NAME, writable=False)]
    for attribute in attributes:
        if not isinstance(attribute, AttributeSpec):
            attribute = AttributeSpec(attribute, f"attribute_{attribute}", DATA)
        specs.append(attribute)
    operations = [
        method if isinstance(method, MethodSpec) else MethodSpec(method, f"method_{method}", DATA, DATA)
        for method in methods
    ]
    table: dict[str, object] = {
        "__slots__": (),
        "CLASS_ID": class_id,
        "VERSION": version,
        "NAME": name or f"Class {class_id}",
        "ATTRIBUTES": {spec.index: spec for spec in specs},
        "METHODS": {spec.index: spec for spec in operations},
    }
    return type(f"Class{class_id}V{version}", (CosemObject,), table)
