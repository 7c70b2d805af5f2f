"""Who may do what with a device's objects, and how its associations are offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from cosem.core.access import CosemObject
from cosem.core.device import Device, DeviceAssociation, ObjectAccess
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.secret import Secret
from cosem.server import Access, ObjectRights, Rights
from cosem.server.hosted import Key
from cosem.sim.expand import Expanded
from cosem.sim.meter_file import AssociationSpec

_LOWEST, _LOW = 0, 1
"""Numbers of mechanisms; above are those of high level security."""
_MANAGEMENT: Final = 1
"""The client SAP of the management client."""
_PUBLIC: Final = 16
_HIGHEST_CLIENT: Final = 0x7F
_LARGEST_PDU_SIZE: Final = 0xFFFF
_ASSOCIATION: Final = 15
_ALWAYS: Final = (12, 15, 17)
_NO_ORIGIN: Final = Origin("cosem", "simulated meter")
_INSTANCES: Final = 127


def offered(
    device: Device,
    expanded: Sequence[Expanded],
    described: Mapping[LogicalName, CosemObject],
    *,
    password: Secret,
    unprotected: bool,
) -> list[AssociationSpec]:
    """The associations of a device.

    ``described`` has the class of each object. What an object's list says of access holds for the associations that it
    names; others do not see the object. Where it says nothing every association may read, and the management client
    (client SAP 1; the best protected where there is none) may write what the classes let clients write, and call
    methods. A device with objects and without associations offers the public client (16) and the management client
    (1), both unprotected.

    Low level security takes ``password``. An association that needs high level security or ciphering is described and
    refuses everybody, unless ``unprotected``: then its client associates without any protection. Of two associations
    of one client at one SAP the first that can be opened is there, and those of client SAPs beyond 127 are not.
    """
    associations = device.associations or (
        (
            DeviceAssociation("public", _PUBLIC, _NO_ORIGIN),
            DeviceAssociation("management", _MANAGEMENT, _NO_ORIGIN),
        )
        if expanded
        else ()
    )
    usable = _one_for_each_client(associations, unprotected)
    manager = _manager(usable)
    instances = _instances(usable)
    versions = [each.row.version for each in expanded if each.row.class_id == _ASSOCIATION]
    first = usable[0].server_sap if usable else 1
    return [
        _spec(
            each,
            _rights(each.name, each is manager, expanded, described),
            None if each.server_sap == first else each.server_sap,
            instances[each.name],
            min(versions[0], 3) if versions else 1,
            device.link.maximum_pdu_size or _LARGEST_PDU_SIZE,
            password,
            unprotected,
        )
        for each in usable
    ]


def main_sap(device: Device) -> int:
    """The server SAP of the first association."""
    return device.associations[0].server_sap if device.associations else 1


def needs_protection(association: DeviceAssociation) -> bool:
    """Whether nobody can open it without high level security or ciphering."""
    return association.mechanism > _LOW or association.ciphered


def _one_for_each_client(
    associations: Iterable[DeviceAssociation], unprotected: bool
) -> list[DeviceAssociation]:
    found: dict[tuple[int, int], DeviceAssociation] = {}
    for each in associations:
        key = each.client_sap, each.server_sap
        if each.client_sap > _HIGHEST_CLIENT:
            continue
        there = found.get(key)
        if there is None or (not unprotected and needs_protection(there) and not needs_protection(each)):
            found[key] = each
    return list(found.values())


def _manager(associations: Sequence[DeviceAssociation]) -> DeviceAssociation | None:
    clients = [each for each in associations if each.client_sap == _MANAGEMENT]
    best = sorted(associations, key=lambda each: (each.ciphered, each.mechanism), reverse=True)
    return next(iter([*clients, *best]), None)


def _instances(associations: Sequence[DeviceAssociation]) -> dict[str, int]:
    """By name: e of the association object 0.0.40.0.e.255, free ones where the device does not say."""
    given = {
        each.name: each.association.e
        for each in associations
        if each.association is not None and 0 < each.association.e <= _INSTANCES
    }
    given = {name: e for name, e in given.items() if list(given.values()).count(e) == 1}
    free = iter([number for number in range(1, 256) if number not in given.values()])
    return {each.name: given.get(each.name) or next(free) for each in associations}


def _rights(
    name: str, manages: bool, expanded: Iterable[Expanded], described: Mapping[LogicalName, CosemObject]
) -> Rights:
    objects: dict[bytes, ObjectRights] = {}
    for each in expanded:
        if each.row.access and each.row.class_id not in _ALWAYS:
            access = each.row.access.get(name)
            objects[each.logical_name] = (
                ObjectRights(visible=False)
                if access is None
                else _object_rights(access, described[each.logical_name])
            )
    if not manages:
        return Rights(objects=objects)
    secrets = {_ASSOCIATION: ObjectRights(attributes={"secret": Access.WRITE})}
    return Rights(Access.READ_WRITE, True, classes=secrets, objects=objects)


def _object_rights(access: ObjectAccess, described: CosemObject) -> ObjectRights:
    attributes: dict[Key, Access] = {}
    for index in access.readable | access.writable:
        read = Access.READ if index in access.readable else Access.NONE
        attributes[index] = read | (Access.WRITE if index in access.writable else Access.NONE)
    return ObjectRights(
        True, Access.NONE, attributes, {index: index in access.callable for index in described.METHODS}
    )


def _spec(
    given: DeviceAssociation,
    rights: Rights,
    server: int | None,
    instance: int,
    version: int,
    size: int,
    password: Secret,
    unprotected: bool,
) -> AssociationSpec:
    spec = AssociationSpec(
        given.name,
        given.client_sap,
        password if given.mechanism == _LOW else None,
        rights,
        version,
        size,
        high_level=given.mechanism if given.mechanism > _LOW else None,
        ciphered=given.ciphered,
        server=server,
        instance=instance,
        security_setup=given.security_setup,
    )
    if unprotected and needs_protection(given):
        return replace(spec, password=None, high_level=None, ciphered=False)
    return spec
