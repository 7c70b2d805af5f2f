"""Objects describe, sessions execute: the references that generated classes hand out.

A :class:`CosemObject` is a frozen value that knows its logical name. Its properties return typed references; a
client or a meter takes them and does the work::

    meter.get(Register("1.0.1.8.0.255").value)

``get`` takes a :class:`ReadOnly` (every :class:`ReadWrite` is one), ``set`` takes a :class:`ReadWrite`, ``call`` a
:class:`MethodCall`; so a type checker refuses to write what the books do not let anyone write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from cosem.core.codec import Codec
from cosem.core.data import Data
from cosem.core.obis import LogicalName
from cosem.core.record import Frozen, put

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class AttributeSpec(Frozen):
    """One row of a class table: an attribute of one class version."""

    index: int
    name: str
    codec: Codec[Any]
    writable: bool = True
    dynamic: bool = False
    selectors: Mapping[int, Codec[Any]] | None = None


class MethodSpec(Frozen):
    """One row of a class table: a method of one class version. ``returns`` is None where nothing comes back."""

    index: int
    name: str
    takes: Codec[Any] | None = None
    returns: Codec[Any] | None = None
    mandatory: bool = False


class Selection(NamedTuple):
    """Selective access: the selector and its encoded parameter."""

    selector: int
    parameters: Data


class CosemObject:
    """A COSEM object: an interface class, a version and a logical name. Subclasses are generated."""

    __slots__ = ("logical_name",)
    logical_name: LogicalName

    CLASS_ID: ClassVar[int]
    VERSION: ClassVar[int]
    NAME: ClassVar[str]
    ATTRIBUTES: ClassVar[Mapping[int, AttributeSpec]]
    METHODS: ClassVar[Mapping[int, MethodSpec]]

    def __init__(self, logical_name: LogicalName | str | bytes) -> None:
        object.__setattr__(self, "logical_name", LogicalName(logical_name))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.logical_name == getattr(other, "logical_name", None)

    def __hash__(self) -> int:
        return hash((type(self), self.logical_name))

    def __repr__(self) -> str:
        return f"{type(self).__name__}('{self.logical_name}')"


class ReadOnly(Frozen, Generic[T_co]):
    """A reference to an attribute that clients may read."""

    owner: CosemObject
    index: int
    codec: Codec[T_co]
    selection: Selection | None = None

    def __init__(
        self, owner: CosemObject, index: int, codec: Codec[T_co], selection: Selection | None = None
    ) -> None:
        put(self, "owner", owner)
        put(self, "index", index)
        put(self, "codec", codec)
        put(self, "selection", selection)

    def __str__(self) -> str:
        spec = self.owner.ATTRIBUTES.get(self.index)
        return f"{self.owner.logical_name} {self.owner.NAME} {spec.name if spec else self.index}"


class ReadWrite(ReadOnly[T]):
    """A reference to an attribute that clients may read and write."""


class MethodCall(Frozen, Generic[T_co]):
    """A method with its encoded parameter, ready to be invoked; the result, if any, decodes to ``T``."""

    owner: CosemObject
    index: int
    parameters: Data | None
    returns: Codec[T_co] | None

    def __init__(
        self, owner: CosemObject, index: int, parameters: Data | None, returns: Codec[T_co] | None
    ) -> None:
        put(self, "owner", owner)
        put(self, "index", index)
        put(self, "parameters", parameters)
        put(self, "returns", returns)

    def __str__(self) -> str:
        spec = self.owner.METHODS.get(self.index)
        return f"{self.owner.logical_name} {self.owner.NAME} {spec.name if spec else self.index}()"
