"""Read what a meter pushes on its customer port: frames, then messages, then values with units."""

import sys

from cosem.apdu import DataNotification, decode_pdu
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import DecodeError
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity
from cosem.link.events import ApduReceived
from cosem.link.hdlc import HdlcListener
from cosem.model.types import Unit
from cosem.obis import describe

CAPTURED = bytes.fromhex("""
7E A0 75 41 03 13 79 45 E6 E7 00 0F 00 00 00 01 0C 07 EA 03 1D 07 01 1E 00 00 FF C4 00 01 04 02
02 09 06 00 00 01 00 00 FF 09 0C 07 EA 03 1D 07 01 1E 00 00 FF C4 00 02 03 09 06 01 00 01 07 00
FF 06 00 00 04 D2 02 02 0F 00 16 1B 02 03 09 06 01 00 20 07 00 FF 12 09 01 02 02 0F FF 16 23 02
03 09 06 01 00 01 08 00 FF 06 00 F4 AE AE 02 02 0F 00 16 1E 34 7A 7E
""")


# --8<-- [start:values]
def show(entry: Data) -> None:
    """One structure of the body: code, value, and for a register scaler and unit."""
    code, value, *rest = entry.elements
    name = LogicalName(code.octets[2:])
    number = value.value
    if rest and isinstance(number, int):
        scaler, unit = rest[0].elements
        power = int.from_bytes(scaler.octets[1:], signed=True)
        print(describe(name), "=", Quantity.scaled(number, power, Unit(unit.octets[1])))
    elif isinstance(number, bytes) and len(number) == 12:
        print(describe(name), "=", DateTime(number))
    else:
        print(describe(name), "=", number)


# --8<-- [end:values]


def main() -> None:
    # --8<-- [start:frames]
    listener = HdlcListener()
    for begin in range(0, len(CAPTURED), 16):  # octets come in pieces of any size
        listener.receive(CAPTURED[begin : begin + 16], now=begin * 0.01)
        while (event := listener.next_event()) is not None:
            if isinstance(event, ApduReceived):
                take(event.apdu)
    print(listener.discarded, "frames were damaged", file=sys.stderr)
    # --8<-- [end:frames]


# --8<-- [start:message]
def take(apdu: bytes) -> None:
    """One message: only a data-notification is a push."""
    try:
        message = decode_pdu(apdu)
    except DecodeError as error:
        print("not a message:", error)
        return
    if isinstance(message, DataNotification):
        print("pushed at", DateTime(message.date_time) if message.date_time else "no time")
        for entry in message.notification_body.elements:
            show(entry)


# --8<-- [end:message]


if __name__ == "__main__":
    main()
