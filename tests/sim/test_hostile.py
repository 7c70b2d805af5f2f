"""Whatever a client with every right writes, the meter goes on: no fault, no attribute that cannot be read."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from tests.sim.world import World, three_phase

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError, ActionError
from cosem.server.hosted import decode_strictly
from cosem.sim import Meter

NUMBERS = st.sampled_from([0, 1, 2, 5, 99, 127, 200, 255, 900, 4000, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF])
STRINGS = [
    *(b"", b"RATE1", bytes(6), bytes(12), b"\xff" * 12),
    b"\x07\xe8\x02\x1e\xff\x18\x00\x00\x00\x80\x00\xff",  # the 30th of February, 24 o'clock
    DateTime.parse("2024-03-01 12:00:00+01:00"),
]
PIECES = st.one_of(
    st.builds(lambda n: Data.unsigned(n & 0xFF), NUMBERS),
    st.builds(lambda n: Data.long_unsigned(n & 0xFFFF), NUMBERS),
    st.builds(lambda n: Data.double_long_unsigned(n), NUMBERS),
    st.builds(lambda n: Data.integer((n & 0xFF) - 128), NUMBERS),
    st.builds(lambda n: Data.long((n & 0xFFFF) - 0x8000), NUMBERS),
    st.builds(lambda n: Data.enum(n & 0xFF), NUMBERS),
    st.builds(Data.boolean, st.booleans()),
    st.builds(Data.octet_string, st.sampled_from(STRINGS)),
    st.just(Data.null()),
    st.just(Data.array([])),
)


def replaced(value: Data, draw: st.DataObject) -> Data:
    """The value with one of its simple parts replaced, or, where parts may be left out, some left out."""
    if value.octets[0] in (1, 2) and draw.draw(st.integers(0, 9)):
        elements = value.elements
        if elements:
            place = draw.draw(st.integers(0, len(elements) - 1))
            elements[place] = replaced(elements[place], draw)
        return Data.array(elements) if value.octets[0] == 1 else Data.structure(elements)
    piece: Data = draw.draw(PIECES)
    return piece


def check(meter: Meter) -> None:
    for hosted in meter.logical_device.objects.values():
        for index, spec in hosted.description.ATTRIBUTES.items():
            if hosted.readable(index) and (hosted.description.CLASS_ID, index) != (7, 2):
                decode_strictly(spec.codec, hosted.get(index).octets)


@given(st.data())
def test_a_meter_survives_what_is_written_and_invoked(draw: st.DataObject) -> None:
    world = World()
    meter = Meter(three_phase(), now=world)
    objects = list(meter.logical_device.objects.values())
    for _ in range(12):
        hosted = draw.draw(st.sampled_from(objects))
        index = draw.draw(st.sampled_from(sorted(hosted.description.ATTRIBUTES)))
        if hosted.readable(index) and hosted.description.CLASS_ID != 15:
            with suppress(AccessError):
                hosted.set(index, replaced(hosted.get(index), draw))
        if hosted.description.METHODS:
            method = draw.draw(st.sampled_from(sorted(hosted.description.METHODS)))
            with suppress(ActionError, AccessError):
                hosted.call(method, draw.draw(PIECES))
        world.time += draw.draw(st.sampled_from([0, 1, 61, 900, 90_000]))
        meter.tick()
    check(meter)
