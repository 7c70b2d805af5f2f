"""What a request is about: an attribute or a method of an object. One is made for every request, so none is frozen."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.apdu import (
    CosemAttributeDescriptor,
    CosemAttributeDescriptorWithSelection,
    CosemMethodDescriptor,
    SelectiveAccessDescriptor,
)
from cosem.core.access import MethodCall, ReadOnly, Selection
from cosem.core.obis import LogicalName


@dataclass(slots=True, unsafe_hash=True)
class AttributeTarget:
    """One attribute, whole or selected."""

    class_id: int
    logical_name: bytes
    index: int
    selection: Selection | None = None

    @classmethod
    def of(cls, reference: ReadOnly[object]) -> AttributeTarget:
        """The target of a typed reference."""
        owner = reference.owner
        return cls(owner.CLASS_ID, owner.logical_name, reference.index, reference.selection)

    @property
    def descriptor(self) -> CosemAttributeDescriptor:
        """As it stands in a request."""
        return CosemAttributeDescriptor(self.class_id, self.logical_name, self.index)

    @property
    def access_selection(self) -> SelectiveAccessDescriptor | None:
        """The selection as it stands in a request."""
        selection = self.selection
        if selection is None:
            return None
        return SelectiveAccessDescriptor(selection.selector, selection.parameters)

    @property
    def with_selection(self) -> CosemAttributeDescriptorWithSelection:
        """As it stands in a with-list request."""
        return CosemAttributeDescriptorWithSelection(self.descriptor, self.access_selection)

    def __str__(self) -> str:
        return f"{LogicalName(self.logical_name)} class {self.class_id} attribute {self.index}"


@dataclass(slots=True, unsafe_hash=True)
class MethodTarget:
    """One method."""

    class_id: int
    logical_name: bytes
    index: int

    @classmethod
    def of(cls, call: MethodCall[object]) -> MethodTarget:
        """The target of a typed call."""
        return cls(call.owner.CLASS_ID, call.owner.logical_name, call.index)

    @property
    def descriptor(self) -> CosemMethodDescriptor:
        """As it stands in a request."""
        return CosemMethodDescriptor(self.class_id, self.logical_name, self.index)

    def __str__(self) -> str:
        return f"{LogicalName(self.logical_name)} class {self.class_id} method {self.index}"
