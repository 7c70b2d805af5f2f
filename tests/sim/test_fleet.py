"""Many meters of one file."""

from __future__ import annotations

import asyncio

import pytest
from tests.server.desk import Desk
from tests.sim.world import World, three_phase

from cosem.core.errors import InvalidValueError
from cosem.sim import Fleet
from cosem.transport.address import NetworkAddress, parse_address


def test_meters_of_a_fleet_have_numbers_in_a_row_and_share_what_is_alike() -> None:
    meters = Fleet(three_phase(), 3, now=World(), first_serial=100).meters()
    assert [meter.serial for meter in meters] == [100, 101, 102]
    grants = {id(meter.logical_device.associations[1].grants) for meter in meters}
    assert len(grants) == 1


def test_a_fleet_shares_a_connection_as_logical_devices() -> None:
    device = Fleet(three_phase(), 3, now=World()).device()
    for sap in (1, 2, 3):
        desk = Desk(device, 16, sap).open()
        assert desk.read(1, b"\x00\x00\x2a\x00\x00\xff", 2).value == f"XYZ{12345677 + sap:013d}".encode()
    listed = Desk(device).open().read(17, b"\x00\x00\x29\x00\x00\xff", 2).value
    assert isinstance(listed, list)
    assert len(listed) == 3


def test_a_fleet_listens_on_a_port_for_each_meter() -> None:
    async def run() -> None:
        async with Fleet(three_phase(), 3, now=World()).serve("tcp://127.0.0.1:0") as addresses:
            ports = {
                address.port
                for address in map(parse_address, addresses)
                if isinstance(address, NetworkAddress)
            }
            assert len(ports) == 3
            for port in ports:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()

    asyncio.run(run())


def test_fleets_without_meters_or_ports_are_refused() -> None:
    with pytest.raises(InvalidValueError):
        Fleet(three_phase(), 0)
    with pytest.raises(InvalidValueError):
        asyncio.run(Fleet(three_phase(), 1).serve("serial").__aenter__())
