"""Which device a meter is, by what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cosem.client.operations import Operations
from cosem.core.data import Data
from cosem.core.device_registry import recognise
from cosem.core.errors import AccessError, DecodeError
from cosem.core.obis import LogicalName
from cosem.obis import abstract, electricity
from cosem.session.client import Exchange
from cosem.session.targets import AttributeTarget

if TYPE_CHECKING:
    from cosem.core.device import Device

_DATA: Final = 1
_VALUE: Final = 2
_FLAG_LETTERS: Final = 3
_ASKED: Final = (
    abstract.LOGICAL_DEVICE_NAME,
    electricity.ACTIVE_FIRMWARE_IDENTIFIER,
    abstract.ACTIVE_FIRMWARE_IDENTIFIER,
)


def identify(operations: Operations, devices: Mapping[str, Device]) -> Exchange[Device | None]:
    """The device that fits the logical device name and the firmware; None if there is none.

    The FLAG id is the first three letters of the logical device name (Blue Book, COSEM logical device name). Firmware
    is what of 1-0:0.2.0 and 0-0:0.2.0 can be read first. Raises InvalidValueError if more than one device fits.
    """
    answers = yield from operations.get_many_data([_target(name) for name in _ASKED])
    name, *firmware = map(_text, answers)
    flag = name[:_FLAG_LETTERS]
    return recognise(
        devices,
        flag=flag if len(flag) == _FLAG_LETTERS and flag.isascii() and flag.isalpha() else "",
        device_name=name,
        firmware=next(filter(None, firmware), ""),
    )


def _target(name: LogicalName) -> AttributeTarget:
    return AttributeTarget(_DATA, name, _VALUE)


def _text(answer: Data | AccessError) -> str:
    """A string or octets as text; empty for a refusal and for anything else."""
    try:
        value = answer.value if isinstance(answer, Data) else None
    except DecodeError:  # a string that is no UTF-8
        return ""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return value.strip("\0 ") if isinstance(value, str) else ""
