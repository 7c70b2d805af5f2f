"""Published readouts, and made-up ones, for the tests of the parser."""

from __future__ import annotations

from cosem.link.iec21.checks import block_check, crc16

DSMR_5 = (
    b"/ISK5\\2M550T-1012\r\n\r\n1-3:0.2.8(50)\r\n0-0:1.0.0(200426223325S)\r\n"
    b"0-0:96.1.1(4530303434303037333832323436303139)\r\n1-0:1.8.1(002130.115*kWh)\r\n"
    b"1-0:1.8.2(000245.467*kWh)\r\n1-0:2.8.1(000000.000*kWh)\r\n1-0:2.8.2(000000.000*kWh)\r\n"
    b"0-0:96.14.0(0001)\r\n1-0:1.7.0(00.111*kW)\r\n1-0:2.7.0(00.000*kW)\r\n0-0:96.7.21(00005)\r\n"
    b"0-0:96.7.9(00003)\r\n1-0:99.97.0(1)(0-0:96.7.19)(190326095015W)(0000002014*s)\r\n"
    b"1-0:32.32.0(00001)\r\n1-0:52.32.0(00001)\r\n1-0:72.32.0(00192)\r\n1-0:32.36.0(00001)\r\n"
    b"1-0:52.36.0(00001)\r\n1-0:72.36.0(00001)\r\n0-0:96.13.0()\r\n1-0:32.7.0(229.9*V)\r\n"
    b"1-0:52.7.0(229.2*V)\r\n1-0:72.7.0(222.9*V)\r\n1-0:31.7.0(000*A)\r\n1-0:51.7.0(000*A)\r\n"
    b"1-0:71.7.0(001*A)\r\n1-0:21.7.0(00.056*kW)\r\n1-0:41.7.0(00.000*kW)\r\n1-0:61.7.0(00.055*kW)\r\n"
    b"1-0:22.7.0(00.000*kW)\r\n1-0:42.7.0(00.000*kW)\r\n1-0:62.7.0(00.000*kW)\r\n0-1:24.1.0(003)\r\n"
    b"0-1:96.1.0()\r\n0-1:24.2.1(700101010000W)(00000000)\r\n0-2:24.1.0(003)\r\n"
    b"0-2:96.1.0(4730303339303031393336393930363139)\r\n0-2:24.2.1(200426223001S)(00246.138*m3)\r\n"
    b"!56DD\r\n"
)
"""A telegram of an Iskraemeco AM550 in the Netherlands: ndokter/dsmr_parser fa20ee4, test/example_telegrams.py."""

CIPHERED = bytes.fromhex(
    "DB08 5341473130333030 82 0021 30 0001E240 0102030405060708090A0B0C0D0E0F10 A0A1A2A3A4A5A6A7A8A9AAAB"
)
"""A frame in the form of Luxembourg's port; what it holds is nothing. SAG is Sagemcom."""


def p1(*lines: str, identification: str = "XYZ5TEST") -> bytes:
    """A readout as a P1 port sends it, with a right CRC."""
    text = "".join(f"{line}\r\n" for line in (f"/{identification}", "", *lines)) + "!"
    return f"{text}{crc16(text.encode()):04X}\r\n".encode()


def optical(*lines: str, identification: str = "XYZ5TEST") -> bytes:
    """A readout as an optical head gives it: STX, data, end, ETX, block check character."""
    block = "".join(f"{line}\r\n" for line in (*lines, "!")).encode() + b"\x03"
    return f"/{identification}\r\n".encode() + b"\x02" + block + bytes((block_check(block),))
