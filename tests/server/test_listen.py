"""A meter at its addresses, over real sockets of this machine."""

from __future__ import annotations

import asyncio
import socket

import pytest
from tests.server.small_meter import small_meter

from cosem.core.errors import ConnectionLost, InvalidValueError
from cosem.server import MeterServer, serve_in_thread
from cosem.transport.address import NetworkAddress, parse_address

AARQ = bytes.fromhex("601da109060760857405080101be10040e01000000065f1f0400007e1fffff")
GET = bytes.fromhex("c001c100030100010800ff0200")


def wrapped(apdu: bytes) -> bytes:
    return bytes.fromhex("000100100001") + len(apdu).to_bytes(2) + apdu


def ask(connection: socket.socket, apdu: bytes) -> bytes:
    connection.sendall(wrapped(apdu))
    header = connection.recv(8, socket.MSG_WAITALL)
    return connection.recv(int.from_bytes(header[6:]), socket.MSG_WAITALL)


def test_a_blocking_program_reads_a_meter_in_a_thread() -> None:
    with serve_in_thread(small_meter()) as url:
        address = parse_address(url)
        assert isinstance(address, NetworkAddress)
        with socket.create_connection((address.host, address.port), 10) as connection:
            assert ask(connection, AARQ)[0] == 0x61
            assert ask(connection, GET) == bytes.fromhex("c401c10006") + (1234567).to_bytes(4)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.host, address.port), 10)


def test_a_port_that_is_taken_is_an_error_and_leaves_no_thread() -> None:
    with (
        serve_in_thread(small_meter()) as url,
        pytest.raises(ConnectionLost),
        serve_in_thread(small_meter(), url),
    ):
        pass


def test_several_listeners_serve_one_meter() -> None:
    async def run() -> None:
        urls = ("tcp://127.0.0.1:0", "hdlc+tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        async with MeterServer(small_meter(), *urls) as server:
            assert [url.rsplit(":", 1)[0] for url in server.addresses] == [
                url.rsplit(":", 1)[0] for url in urls
            ]
            assert server.port == server.listeners[0].port
            reader, writer = await asyncio.open_connection("127.0.0.1", server.listeners[1].port)
            writer.write(bytes.fromhex("7ea0070321930f017e"))  # SNRM from client 16 to logical device 1
            assert (await asyncio.wait_for(reader.readuntil(b"\x73"), 10)).startswith(b"\x7e\xa0")
            assert server.connections == 1
            writer.close()
            await writer.wait_closed()

    asyncio.run(run())


def test_addresses_are_checked_before_anything_is_opened() -> None:
    with pytest.raises(InvalidValueError):
        MeterServer(small_meter())
    with pytest.raises(InvalidValueError):
        MeterServer(small_meter(), "http://127.0.0.1:0")
