"""A physical device, the logical devices in it, and their associations."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from cosem.apdu import DataAccessResult
from cosem.core.access import AttributeSpec
from cosem.core.codecs import DATA
from cosem.core.data import Data
from cosem.core.errors import AccessError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.server.association import (
    CURRENT_ASSOCIATION,
    Association,
    AssociationObject,
    association_objects,
)
from cosem.server.hosted import HostedObject, custom_class
from cosem.server.profile import HostedProfile
from cosem.server.view import AssociationView
from cosem.session.server import ServerSession

LOGICAL_DEVICE_NAME: Final = LogicalName("0.0.42.0.0.255")
SAP_ASSIGNMENT: Final = LogicalName("0.0.41.0.0.255")
MANAGEMENT_SAP: Final = 1
"""The SAP of the management logical device, which every physical device has."""

_LOG: Final = logging.getLogger("cosem.server")
_MOST_CAUSES: Final = 32
_DATA: Final = custom_class(1, 0, [AttributeSpec(2, "value", DATA)], name="Data")
_SAP_LIST: Final = custom_class(
    17, 0, [AttributeSpec(2, "sap_assignment_list", DATA, writable=False)], name="SAP assignment"
)


class LogicalDevice:
    """The objects behind one SAP and the associations that give access to them.

    The logical device name, the association objects and, in the management logical device (SAP 1), the SAP
    assignment are added; the first and the last where ``objects`` lacks them. ``neighbours`` are the logical devices
    of the same physical device, this one among them.

    Raises InvalidValueError for two objects of one logical name, or two associations of one client.
    """

    __slots__ = ("associations", "name", "neighbours", "objects", "sap")

    def __init__(
        self, sap: int, name: bytes, objects: Iterable[HostedObject], associations: Iterable[Association]
    ) -> None:
        self.sap = sap
        self.name = name
        self.neighbours: Sequence[LogicalDevice] = (self,)
        self.objects: dict[bytes, HostedObject] = {}
        self.associations: dict[int, Association] = {}
        for hosted in objects:
            self.add(hosted)
        for association in associations:
            if association.client_sap in self.associations:
                raise InvalidValueError(f"two associations for client {association.client_sap} at SAP {sap}")
            association.server_sap = sap
            self.associations[association.client_sap] = association
        if LOGICAL_DEVICE_NAME not in self.objects:
            self.add(HostedObject(_DATA(LOGICAL_DEVICE_NAME), {2: Data.octet_string(name)}))
        if sap == MANAGEMENT_SAP and SAP_ASSIGNMENT not in self.objects:
            self.add(HostedObject(_SAP_LIST(SAP_ASSIGNMENT), {2: self._sap_list}))
        numbered = {
            association.instance or number: association
            for number, association in enumerate(self.associations.values(), 1)
        }
        if len(numbered) != len(self.associations):
            raise InvalidValueError(f"two associations of one instance at SAP {sap}")
        for described in association_objects(numbered):
            self.add(described)

    def add(self, hosted: HostedObject) -> None:
        """Add an object. Raises InvalidValueError if its logical name is taken."""
        if hosted.logical_name in self.objects:
            raise InvalidValueError(f"two objects {hosted.logical_name} at SAP {self.sap}")
        self.objects[hosted.logical_name] = hosted
        if isinstance(hosted, HostedProfile):
            hosted.read = self.read

    def read(self, class_id: int, logical_name: bytes, index: int) -> Data:
        """An attribute, whatever the rights: for what the meter does by itself. Raises AccessError."""
        hosted = self.objects.get(logical_name)
        if hosted is None or class_id != hosted.description.CLASS_ID:
            raise AccessError(DataAccessResult.OBJECT_UNDEFINED)
        return hosted.get(index)

    def seal(self) -> None:
        """Work out what each association is granted; later changes of the objects are not granted to anyone."""
        for association in self.associations.values():
            if association.grants is None:
                current = AssociationObject(association, CURRENT_ASSOCIATION)
                association.grants = association.rights.grants([current, *self.objects.values()])

    def _sap_list(self) -> Data:
        return Data.array(
            [
                Data.structure([Data.long_unsigned(device.sap), Data.octet_string(device.name)])
                for device in self.neighbours
            ]
        )


class PhysicalDevice:
    """Logical devices that share a connection: what a meter is on the line.

    ``faults`` counts exceptions of hosted objects that were none of the protocol's; the client saw hardware-fault.
    """

    __slots__ = ("_causes", "_reachable", "faults", "logical_devices")

    def __init__(self, logical_devices: Sequence[LogicalDevice]) -> None:
        self.logical_devices = {device.sap: device for device in logical_devices}
        if len(self.logical_devices) != len(logical_devices):
            raise InvalidValueError("two logical devices of one SAP")
        for device in logical_devices:
            device.neighbours = logical_devices
            device.seal()
        self._reachable = {
            (client, device.sap): (device, association)
            for device in logical_devices
            for client, association in device.associations.items()
        }
        self.faults = 0
        self._causes: set[str] = set()

    @property
    def failures(self) -> dict[tuple[int, int], int]:
        """(client SAP, server SAP) → AARQs in a row that were refused; those without are left out."""
        return {
            pair: association.failures
            for pair, (_, association) in self._reachable.items()
            if association.failures
        }

    def session(self, client_sap: int, server_sap: int) -> ServerSession | None:
        """A fresh session for this pair of SAPs; None if nobody may associate there."""
        found = self._reachable.get((client_sap, server_sap))
        if found is None:
            return None
        device, association = found
        return ServerSession(association.policy, AssociationView(association, device.objects, self._fault))

    def _fault(self, error: Exception) -> None:
        self.faults += 1
        cause = type(error).__name__
        if cause not in self._causes and len(self._causes) < _MOST_CAUSES:
            self._causes.add(cause)  # what a client can repeat at will is logged once
            _LOG.error("a hosted object failed", exc_info=error)
