"""The registry of everything public that takes octets or text from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from random import Random
from zlib import crc32

from tests.fuzz import corpus
from tests.fuzz.battery import Target
from tests.fuzz.links import link_targets
from tests.fuzz.sessions import session_targets
from tests.link.readouts import DSMR_5, optical
from tests.model.values import encoded

import cosem.apdu
from cosem.apdu import decode_pdu
from cosem.cli.decode import decode as explain
from cosem.cli.decode.as_json import item_to_json as shown
from cosem.core import ber
from cosem.core.codec import Codec
from cosem.core.data import Data, skip
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.limits import Limits
from cosem.core.obis import LogicalName
from cosem.core.rows import Rows
from cosem.core.tolerant import Deviation
from cosem.model import CATALOGUE
from cosem.obis import describe, name
from cosem.transport.address import parse_address

METER = optical("F.F(00)", "0.9.1(231643)", "1.8.1*05(0302.8260*kWh)(x)", "1-0:99.97.0(2)(0-0:96.7.19)")
_TEXTS = tuple(
    text.encode()
    for text in (
        "1.0.1.8.0.255",
        "1-0:1.8.0*255",
        "0100010800ff",
        "2024-02-29 13:05:00.00+01:00",
        "*-*-01 00:00:00",
        "*-end-last Sun",
        "13:05:00.5",
        "tcp://192.0.2.7:4059",
        "hdlc+tcp://[2001:db8::1]:4059",
        "serial:///dev/ttyUSB0?baud=9600&parity=e",
        "udp://meter.example:4059",
    )
)


def targets() -> list[Target]:
    """Every target."""
    return [*_apdus(), *_data(), *_codecs(), *_ber(), *_texts(), *link_targets(), *session_targets()]


def _apdus() -> Iterator[Target]:
    yield Target("decode_pdu", corpus.apdus(), _pdu, 20)
    for each in sorted(dir(cosem.apdu)):
        if each.startswith("decode_") and each != "decode_pdu":
            decode: Callable[[bytes], object] = getattr(cosem.apdu, each)
            yield Target(each, corpus.apdus(), decode)
    yield Target("cli decode", (*corpus.telegrams(), *corpus.apdus(), DSMR_5, DSMR_5), explain, 5)
    yield Target(
        "cli decode, text telegrams", (DSMR_5, METER), lambda octets: list(map(shown, explain(octets))), 2
    )


def _pdu(octets: bytes) -> None:
    """What was decoded encodes, and decodes to the same again."""
    pdu = decode_pdu(octets)
    assert is_dataclass(pdu)
    assert decode_pdu(pdu.encode()) == pdu
    repr(pdu)


def _data() -> Iterator[Target]:
    seeds = corpus.data()
    yield Target("Data.value", seeds, lambda octets: Data(octets).value, 5)
    yield Target("Data.elements", seeds, lambda octets: Data(octets).elements, 2)
    yield Target("Data.tag", seeds, lambda octets: Data(octets).tag)
    yield Target("repr of Data", seeds, lambda octets: repr(Data(octets)), 2)
    yield Target("skip", seeds, _skip, 5)
    yield Target("Rows.tuples", seeds, lambda octets: Rows(octets).tuples(), 5)
    yield Target("Rows.columns", seeds, lambda octets: Rows(octets).columns(), 5)
    yield Target("Rows.filled", seeds, lambda octets: Rows(octets).filled(0), 2)
    yield Target("Rows by index", seeds, _rows, 2)


def _skip(octets: bytes) -> None:
    """What the walk accepts as one whole value has a value, or is refused as text or bits that are none."""
    assert skip(octets, 0, Limits(depth=200)) <= len(octets)


def _rows(octets: bytes) -> None:
    rows = Rows(octets)
    assert len(rows) == len(rows.tuples())
    if len(rows):
        assert rows[0] == rows.tuples()[0] or rows[0] != rows[0]  # NaN


def _codecs() -> Iterator[Target]:
    seen: set[int] = set()
    for key in CATALOGUE:
        cls = CATALOGUE[key]
        found = [(spec.name, spec.codec) for spec in cls.ATTRIBUTES.values()]
        for spec in cls.ATTRIBUTES.values():
            found += [(f"{spec.name} selector {n}", each) for n, each in (spec.selectors or {}).items()]
        for method in cls.METHODS.values():
            found += [(f"{method.name}()", each) for each in (method.takes, method.returns) if each]
        for each, codec in found:
            if id(codec.read) not in seen:
                seen.add(id(codec.read))
                yield _codec(f"{cls.__name__} {each}", codec)


def _codec(title: str, codec: Codec[object]) -> Target:
    random = Random(crc32(title.encode()))
    seeds = [encoded(codec.describe(), random) for _ in range(6)]

    def decode(octets: bytes) -> None:
        codec.encode(codec.decode(octets, tolerated=_tell))

    return Target(title, [*seeds, *corpus.data()[:8]], decode)


def _tell(deviation: Deviation) -> None:
    assert str(deviation)


def _ber() -> Iterator[Target]:
    seeds = corpus.apdus()[:30]
    for each, reader in (
        ("integer", ber.read_integer),
        ("boolean", ber.read_boolean),
        ("bit string", ber.read_bit_string),
        ("object identifier", ber.read_object_identifier),
    ):
        yield Target(f"ber {each}", seeds, _content(reader))
    yield Target("ber tlv", seeds, _elements, 2)


def _content(reader: Callable[[bytes, int, int], object]) -> Callable[[bytes], object]:
    return lambda octets: reader(octets, 0, len(octets))


def _elements(octets: bytes) -> None:
    p = 0
    while p < len(octets):
        _, start, stop = ber.read_tlv(octets, p, len(octets))
        assert p < start <= stop <= len(octets)
        p = stop


def _texts() -> Iterator[Target]:
    for each, parse in (
        ("LogicalName of text", LogicalName),
        ("DateTime.parse", DateTime.parse),
        ("Date.parse", Date.parse),
        ("Time.parse", Time.parse),
        ("parse_address", parse_address),
    ):
        yield Target(each, _TEXTS, _of_text(parse), 2)
    names = [bytes((1, 0, 1, 8, 0, 255)), bytes(6), b"\x00\x00\x28\x00\x00\xff"]
    yield Target("LogicalName of octets", names, _logical_name, 2)
    yield Target("DateTime", [bytes(DateTime.parse("2024-02-29 13:05:00.00+01:00"))], _date_time, 2)


def _of_text(parse: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda octets: str(parse(octets.decode("utf-8", "replace")))


def _logical_name(octets: bytes) -> None:
    logical_name = LogicalName(octets)
    assert describe(logical_name)
    name(logical_name)


def _date_time(octets: bytes) -> None:
    moment = DateTime(octets)
    assert str(moment)
    assert moment.sort_key
    moment.to_datetime()
