"""The overlays of the spec with their captures, and what the generated devices read in them."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.overlay import Capture, Overlay
from cosem.codegen.load.overlay import load_overlays
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.device import Device
from cosem.core.push_list import PushValue
from cosem.core.text_telegram import TextTelegram
from cosem.link.iec21 import Readout, ReadoutParser

SPEC = Path(__file__).resolve().parents[2] / "spec"


@cache
def overlays() -> dict[str, Overlay]:
    """All of them by name."""
    return {each.name: each for each in load_overlays(SPEC / "overlays", Mistakes())}


def captures(name: str, of_list: str = "") -> list[Capture]:
    """The captures of one overlay, or of one of its lists."""
    return [each for each in overlays()[name].captures if of_list in ("", each.list)]


def body(capture: Capture) -> Data | TextTelegram:
    """What was pushed: Data, or a text telegram with a right check."""
    if capture.octets:
        return Data(bytes.fromhex(capture.octets))
    parser = ReadoutParser()
    (found,) = parser.feed(capture.text.encode("ascii")) + parser.finish()
    assert isinstance(found, Readout), found
    return found.telegram


def values(device: Device, capture: Capture) -> dict[str, PushValue]:
    """What the device reads in a capture, by the names of the list that it takes it for."""
    found = device.read_push(body(capture))
    assert found is not None, f"no list of {device.name} fits"
    assert found[0].name == capture.list
    return {each.item.name: each for each in found[1]}


def written(value: PushValue) -> str:
    """A value without a unit as a capture of the overlays says it; octets of a text telegram in hexadecimal digits."""
    plain = value.data.value
    if isinstance(plain, bytes):
        return str(DateTime(plain)) if len(plain) == DateTime.SIZE else plain.hex().upper()
    return str(plain)


def assert_decodes(device: Device, capture: Capture) -> None:
    """What the device reads in a capture is what the overlay says: quantities as the same value and unit."""
    found = values(device, capture)
    for item, expected in capture.values:
        quantity = found[item].quantity
        if quantity is None:
            assert (written(found[item]) if capture.text else str(found[item].data.value)) == expected
        else:
            number, _, symbol = expected.partition(" ")
            assert (quantity.value, quantity.unit.symbol) == (Decimal(number), symbol)


def numbers(device: Device, capture: Capture) -> dict[str, Decimal]:
    """The quantities of a capture."""
    return {
        name: each.quantity.value
        for name, each in values(device, capture).items()
        if each.quantity is not None
    }


def apparent_power(found: dict[str, Decimal]) -> Decimal:
    """What voltages and currents make, in VA."""
    return sum(
        (found[f"voltage_{phase}"] * found[f"current_{phase}"] for phase in ("l1", "l2", "l3")), Decimal()
    )
