"""A logical device as one open association sees it: the host of a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cosem.apdu import ActionResult, Conformance, DataAccessResult
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.errors import AccessError, ActionError
from cosem.server.association import CURRENT_ASSOCIATION, Association, AssociationObject
from cosem.server.hosted import HostedObject
from cosem.server.rights import Access, Grant, Grants
from cosem.session.association import Negotiated

_READ: Final = int(Access.READ)
_WRITE: Final = int(Access.WRITE)
_NO_GRANTS: Final = Grants({})


class AssociationView:
    """Objects behind access rights; a :class:`~cosem.session.host.Host`.

    What is refused (Blue Book 4.4.4): object-undefined for what the association does not see,
    object-class-inconsistent for another class, read-write-denied for a missing attribute, method or right.
    """

    __slots__ = ("_association", "_current", "_grants", "_negotiated", "_objects", "_report")

    def __init__(
        self,
        association: Association,
        objects: Mapping[bytes, HostedObject],
        report: Callable[[Exception], None],
    ) -> None:
        self._association = association
        self._grants = association.grants or _NO_GRANTS
        self._objects = objects
        self._report = report
        self._negotiated: Negotiated | None = None
        self._current: AssociationObject | None = None

    def get(self, class_id: int, logical_name: bytes, index: int, selection: Selection | None) -> Data:
        """Read one attribute; attribute 0 is all of them, with null-data for what may not be read."""
        grant = self._grants.find(logical_name)
        if grant is None:
            raise AccessError(DataAccessResult.OBJECT_UNDEFINED)
        if grant.class_id != class_id:
            raise AccessError(DataAccessResult.OBJECT_CLASS_INCONSISTENT)
        if not grant.attributes.get(index, 0) & _READ:
            if index == 0 and self._agreed(Conformance.ATTRIBUTE0_SUPPORTED_WITH_GET):
                return self._whole(grant, logical_name)
            raise AccessError(DataAccessResult.READ_WRITE_DENIED)
        return self._object(logical_name).get(index, selection)

    def set(
        self, class_id: int, logical_name: bytes, index: int, selection: Selection | None, value: Data
    ) -> None:
        """Write one attribute."""
        grant = self._grants.find(logical_name)
        if grant is None:
            raise AccessError(DataAccessResult.OBJECT_UNDEFINED)
        if grant.class_id != class_id:
            raise AccessError(DataAccessResult.OBJECT_CLASS_INCONSISTENT)
        if not grant.attributes.get(index, 0) & _WRITE:
            raise AccessError(DataAccessResult.READ_WRITE_DENIED)
        self._object(logical_name).set(index, value, selection)

    def action(self, class_id: int, logical_name: bytes, index: int, parameters: Data | None) -> Data | None:
        """Invoke one method."""
        grant = self._grants.find(logical_name)
        if grant is None:
            raise ActionError(ActionResult.OBJECT_UNDEFINED)
        if grant.class_id != class_id:
            raise ActionError(ActionResult.OBJECT_CLASS_INCONSISTENT)
        if not grant.methods.get(index):
            raise ActionError(ActionResult.READ_WRITE_DENIED)
        return self._object(logical_name).call(index, parameters)

    def opened(self, negotiated: Negotiated) -> None:
        """The association is open."""
        self._negotiated = negotiated
        self._current = None
        self._association.opened(negotiated)

    def closed(self) -> None:
        """The association has ended."""
        if self._negotiated is not None:
            self._negotiated = self._current = None
            self._association.closed()

    def refused(self) -> None:
        """An AARQ was refused."""
        self._association.refused()

    def fault(self, error: Exception) -> None:
        """An object failed in a way of its own."""
        self._report(error)

    def _agreed(self, service: int) -> bool:
        return self._negotiated is not None and service in self._negotiated.conformance

    def _whole(self, grant: Grant, logical_name: bytes) -> Data:
        hosted = self._object(logical_name)
        return Data.structure(
            [
                hosted.get(index) if access & _READ else Data.null()
                for index, access in sorted(grant.attributes.items())
            ]
        )

    def _object(self, logical_name: bytes) -> HostedObject:
        hosted = self._objects.get(logical_name)
        if hosted is not None:
            return hosted
        if logical_name != CURRENT_ASSOCIATION:
            raise AccessError(DataAccessResult.OBJECT_UNAVAILABLE)
        if self._current is None:
            self._current = AssociationObject(self._association, CURRENT_ASSOCIATION, self._negotiated)
        return self._current
