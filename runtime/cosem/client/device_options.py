"""What the description of a device says of connecting to it: the association, its security, the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosem.apdu import MechanismName
from cosem.core.errors import InvalidValueError
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.transport.address import Address, SerialAddress, parse_address

if TYPE_CHECKING:
    from cosem.core.device import Device, DeviceAssociation


def found_device(device: Device | str) -> Device:
    """The device, or that of a name. Raises InvalidValueError if none is called so."""
    if not isinstance(device, str):
        return device
    from cosem.core.device_registry import find_device

    return find_device(device)


def chosen_association(device: Device, name: str | None, client: int | None) -> DeviceAssociation | None:
    """The association of a name; without one that of a client SAP; without either the one that needs no secret.

    None if the device says nothing of it. Raises InvalidValueError if no association has the name.
    """
    if name is not None:
        found = device.association(name)
        if found is None:
            known = ", ".join(each.name for each in device.associations) or "none"
            raise InvalidValueError(f"{device.title} has no association {name!r}; there are {known}")
        return found
    if client is not None:
        return next((each for each in device.associations if each.client_sap == client), None)
    if len(device.associations) == 1:
        return device.associations[0]
    return next((each for each in device.associations if not (each.mechanism or each.ciphered)), None)


def authentication_of(device: Device, association: DeviceAssociation) -> Authentication:
    """What an association asks for, where no secret is needed. Raises InvalidValueError that says what is missing."""
    where = f"association {association.name} of {device.title}"
    mechanism = MechanismName(association.mechanism)
    named = mechanism.name.lower()
    if association.ciphered:
        suite = "" if association.suite is None else f", security suite {association.suite}"
        raise InvalidValueError(f"{where} is ciphered ({named}{suite}): ciphering is not available")
    if mechanism is MechanismName.LOWEST_LEVEL_SECURITY:
        return NO_AUTHENTICATION
    if mechanism is MechanismName.LOW_LEVEL_SECURITY:
        raise InvalidValueError(f"{where} asks for a password: give one as Authentication.low(password)")
    raise InvalidValueError(f"{where} asks for {named} (mechanism {int(mechanism)}), which is not available")


def keep_alive_of(device: Device) -> float | None:
    """Seconds of silence after which the link is to be kept up: half of those after which the device drops it."""
    timeout = device.link.inactivity_timeout
    return None if timeout is None else timeout / 2000


def frame_gap_of(device: Device) -> float | None:
    """Seconds of silence that the device needs before a frame."""
    gap = device.link.inter_frame_gap
    return None if gap is None else gap / 1000


def address_of(text: Address | str, device: Device | None) -> Address:
    """An address; what a serial URL leaves open is as the device says.

    Raises InvalidValueError, also where the line of the device does not begin with HDLC and that is not available.
    """
    if device is None:
        return parse_address(text) if isinstance(text, str) else text
    link = device.link
    address = text
    if isinstance(address, str):
        address = parse_address(
            address,
            baud=9600 if link.baud_rate is None else link.baud_rate,
            data_bits=7 if link.data_bits == 7 else 8,
            parity=link.parity or "none",
            stop_bits=2 if link.stop_bits == 2 else 1,
        )
    if isinstance(address, SerialAddress) and link.start in ("iec21", "mbus"):
        raise InvalidValueError(
            f"{device.title} begins with {link.start} on {address}, which is not available"
        )
    return address
