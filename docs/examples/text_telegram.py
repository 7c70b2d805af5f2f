"""Read a text telegram of a customer port (P1): octets, then data sets, then values with units."""

from cosem.core.datetime import DateTime
from cosem.devices.dsmr_p1_5 import DEVICE
from cosem.link.iec21 import DamagedReadout, Readout, ReadoutParser

# What a heat meter in the Netherlands sends every ten seconds.
LINES = """\
/NWA-WARMTELINK

1-3:0.2.8(50)
0-0:1.0.0(260215200523W)
0-0:96.1.1(ADC3100000158491)
0-0:96.13.1()
0-0:96.13.0()
0-1:24.1.0(004)
0-1:96.1.0(621848012D2C0B0C)
0-1:24.2.1(260215200523W)(240.860*GJ)
!B9F
"""
SENT = LINES.replace("\n", "\r\n").encode()


# --8<-- [start:read]
def show(readout: Readout) -> None:
    """The values of one telegram: moments, quantities, plain numbers and octets."""
    pushed = DEVICE.read_push(readout.telegram)
    if pushed is None:
        print("no list of", DEVICE.title)
        return
    for value in pushed[1]:
        plain = value.quantity or value.data.value
        if isinstance(plain, bytes):
            plain = str(DateTime(plain)) if len(plain) == DateTime.SIZE else plain.hex()
        print(value.item.name, plain)


# --8<-- [end:read]


def main() -> None:
    # --8<-- [start:parse]
    parser = ReadoutParser()
    for begin in range(0, len(SENT), 64):  # octets come in pieces of any size
        for event in parser.feed(SENT[begin : begin + 64]):
            if isinstance(event, Readout):
                show(event)
            elif isinstance(event, DamagedReadout):
                print("damaged:", event.error)
    # --8<-- [end:parse]


if __name__ == "__main__":
    main()
