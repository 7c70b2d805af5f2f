"""Records: values with named fields, for what an interface class is described with.

The model is ``dataclasses`` of the standard library. But that takes longer to import than an interface class with all
that is ours beneath it, and it compiles methods for each class. Records share theirs: an annotation in the class is a
field, held in a slot, and ``__match_args__`` has the fields in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

put = object.__setattr__
"""Sets a field of a frozen record: for a constructor that is written out because it runs often."""


class RecordType(type):
    """Makes slots of the annotations of a class, and defaults of what is assigned to them there."""

    __match_args__: tuple[str, ...] = ()
    __defaults__: dict[str, object]

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> RecordType:
        own = tuple(namespace.get("__annotations__", ()))
        defaults = {field: namespace.pop(field) for field in own if field in namespace}
        for base in bases:
            if isinstance(base, RecordType):
                namespace["__match_args__"] = base.__match_args__ + own
                defaults = base.__defaults__ | defaults
        made = super().__new__(cls, name, bases, {**namespace, "__slots__": own})
        made.__defaults__ = defaults
        return made


class Record(metaclass=RecordType):
    """Compared and shown by its fields. It has no hash: they may change."""

    if TYPE_CHECKING:
        __match_args__: ClassVar[tuple[str, ...]]

    def _values(self) -> tuple[object, ...]:
        return tuple([getattr(self, field) for field in self.__match_args__])

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, field) == getattr(other, field) for field in self.__match_args__)

    def __repr__(self) -> str:
        shown = ", ".join(f"{field}={getattr(self, field)!r}" for field in self.__match_args__)
        return f"{type(self).__qualname__}({shown})"

    def __replace__(self, **changes: object) -> Self:
        values = {field: getattr(self, field) for field in self.__match_args__}
        return type(self)(**{**values, **changes})


@dataclass_transform(frozen_default=True)
class Frozen(Record):
    """A record whose fields are set by the constructor, by place or by name, and never again."""

    def __init__(self, *values: object, **named: object) -> None:
        fields = self.__match_args__
        if named or len(values) != len(fields):
            values = self._completed(values, named)
        for field, value in zip(fields, values, strict=True):
            put(self, field, value)

    @classmethod
    def _completed(cls, values: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
        """One value for each field, out of arguments and defaults."""
        fields = cls.__match_args__
        rest = fields[len(values) :]
        given = {**cls.__defaults__, **named}
        if len(values) > len(fields) or not named.keys() <= set(rest) <= given.keys():
            raise TypeError(f"{cls.__name__} takes {', '.join(fields) or 'nothing'}")
        return (*values, *[given[field] for field in rest])

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __hash__(self) -> int:
        return hash(self._values())

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), self._values()
