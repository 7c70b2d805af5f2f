"""The client's end on blocking calls."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest
from tests.transport.engines import Kind, frame
from tests.transport.peers import NO_ANSWER, PUSH, Meter, client_engine, meter_in_thread

from cosem.core.errors import ConnectionLost, InvalidValueError, LinkError, LocalProtocolError, Timeout
from cosem.link.events import ApduReceived
from cosem.transport.base import QUEUED_APDUS, BlockingExchange
from cosem.transport.blocking import BlockingLink

OPEN, GET = frame(Kind.OPEN), frame(Kind.APDU, b"get")


@contextmanager
def scripted(script: Callable[[socket.socket], None]) -> Generator[str]:
    """A listener that plays a script on one connection and then closes it; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def play() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(10)
                script(connection)

        thread = threading.Thread(target=play)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            thread.join(10)
            assert not thread.is_alive()


def read(connection: socket.socket, octets: bytes) -> None:
    assert connection.recv(len(octets), socket.MSG_WAITALL) == octets


def up(connection: socket.socket) -> None:
    read(connection, OPEN)
    connection.sendall(frame(Kind.UP))


def rest(connection: socket.socket) -> None:
    while connection.recv(65_536):
        pass


@pytest.mark.parametrize("scheme", ["tcp", "udp"])
def test_an_answer_goes_to_who_asked(scheme: str) -> None:
    with meter_in_thread(Meter(), scheme) as address, BlockingLink.open(address, client_engine()) as link:
        exchange: BlockingExchange = link
        assert [exchange.exchange(bytes([n, 0])) for n in range(50)] == [bytes([0, n]) for n in range(50)]
        assert link.is_open
        link.send(b"12")
        assert link.receive().apdu == b"21"
        link.close()
        assert not link.is_open
        with pytest.raises(ConnectionLost):
            link.exchange(b"12")


def test_an_answer_may_come_octet_by_octet() -> None:
    def script(connection: socket.socket) -> None:
        up(connection)
        read(connection, GET)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in frame(Kind.APDU, b"value"):
            connection.sendall(bytes([octet]))
        rest(connection)

    with scripted(script) as address, BlockingLink.open(address, client_engine()) as link:
        assert link.exchange(b"get") == b"value"
        link.close(timeout=0.01)


def test_of_apdus_that_come_together_the_first_is_the_answer_and_the_newest_others_are_kept() -> None:
    def script(connection: socket.socket) -> None:
        up(connection)
        read(connection, GET)
        connection.sendall(
            b"".join(frame(Kind.APDU, n.to_bytes(2)) for n in range(100)) + frame(Kind.PUSH, b"x")
        )
        rest(connection)

    with scripted(script) as address, BlockingLink.open(address, client_engine()) as link:
        assert link.exchange(b"get") == b"\0\0"
        kept = [link.receive().apdu for _ in range(QUEUED_APDUS)]
        assert kept == [*(n.to_bytes(2) for n in range(100 - QUEUED_APDUS + 1, 100)), b"x"]
        assert link.dropped == 100 - QUEUED_APDUS
        with pytest.raises(Timeout):
            link.receive(timeout=0.01)
        link.close(timeout=0.01)


def test_unsolicited_apdus_are_told_while_a_verb_waits() -> None:
    heard: list[ApduReceived] = []

    def script(connection: socket.socket) -> None:
        up(connection)
        read(connection, GET)
        connection.sendall(frame(Kind.PUSH, b"alarm") + frame(Kind.APDU, b"value"))
        rest(connection)

    with scripted(script) as address, BlockingLink.open(address, client_engine()) as link:
        link.on_unsolicited = heard.append
        assert link.exchange(b"get") == b"value"
        assert [event.apdu for event in heard] == [b"alarm"]
        link.close(timeout=0.01)


def test_a_time_out_leaves_the_link_up() -> None:
    with meter_in_thread(Meter()) as address, BlockingLink.open(address, client_engine()) as link:
        with pytest.raises(Timeout):
            link.exchange(NO_ANSWER, timeout=0.01)
        assert link.exchange(PUSH) == b"pushed"
        assert link.receive().apdu == PUSH[::-1]


def test_a_connection_lost_while_waiting_ends_the_wait() -> None:
    def script(connection: socket.socket) -> None:
        up(connection)
        read(connection, GET)

    with scripted(script) as address, BlockingLink.open(address, client_engine()) as link:
        with pytest.raises(ConnectionLost):
            link.exchange(b"get")
        assert not link.is_open
        with pytest.raises(ConnectionLost):
            link.receive()


@pytest.mark.parametrize("asking", [False, True])
def test_a_reset_is_a_lost_connection(asking: bool) -> None:
    gone = threading.Event()

    def script(connection: socket.socket) -> None:
        up(connection)
        if asking:
            read(connection, GET)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
        gone.set()

    with scripted(script) as address, BlockingLink.open(address, client_engine()) as link:
        if not asking:
            assert gone.wait(10)
        with pytest.raises(ConnectionLost):
            link.exchange(b"get")


def test_closing_a_connection_that_is_gone_is_quiet() -> None:
    def script(connection: socket.socket) -> None:
        up(connection)

    with scripted(script) as address:
        link = BlockingLink.open(address, client_engine())
        link.close()
        assert not link.is_open


def test_a_connection_that_takes_too_long_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises(Timeout):
        BlockingLink.open("tcp://192.0.2.7", client_engine())


def test_garbage_from_the_meter_ends_the_link_with_the_engines_error() -> None:
    def script(connection: socket.socket) -> None:
        up(connection)
        read(connection, GET)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        rest(connection)

    with scripted(script) as address, BlockingLink.open(address, client_engine()) as link:
        with pytest.raises(LinkError):
            link.exchange(b"get")
        with pytest.raises(LinkError):
            link.send(b"get")


def test_a_handshake_without_answer_is_a_time_out_and_leaves_no_connection() -> None:
    with scripted(rest) as address, pytest.raises(Timeout):
        BlockingLink.open(address, client_engine(), timeout=0.02)


def test_an_engine_that_repeats_is_woken_until_it_gives_up() -> None:
    engine = client_engine()
    engine.repeat_after = 0.005
    heard = bytearray()

    def script(connection: socket.socket) -> None:
        while octets := connection.recv(1000):
            heard.extend(octets)

    with scripted(script) as address, pytest.raises(LinkError):
        BlockingLink.open(address, engine)
    assert heard == 3 * OPEN


def test_a_connection_refused_is_a_lost_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for address in (
        f"tcp://127.0.0.1:{port}",
        "tcp://" + "a" * 64 + ".invalid",
        "serial:///dev/no-such-line",
    ):
        with pytest.raises(ConnectionLost):
            BlockingLink.open(address, client_engine())
    with pytest.raises(InvalidValueError):
        BlockingLink.open("meter", client_engine())


def test_nobody_listening_on_udp_is_a_lost_connection() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ConnectionLost):
        BlockingLink.open(f"udp://127.0.0.1:{port}", client_engine(), timeout=5)


def test_a_datagram_that_is_no_wrapper_pdu_is_dropped() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as meter:
        meter.bind(("127.0.0.1", 0))
        meter.settimeout(10)

        def play() -> None:
            _, client = meter.recvfrom(1000)
            for datagram in (
                b"",
                b"\0\1",
                frame(Kind.UP)[:-1],
                frame(Kind.UP) + b"x",
                b"\0\2" + frame(Kind.UP)[2:],
            ):
                meter.sendto(datagram, client)
            meter.sendto(frame(Kind.UP), client)
            meter.recvfrom(1000)
            meter.sendto(frame(Kind.APDU, b"value"), client)

        thread = threading.Thread(target=play)
        thread.start()
        with BlockingLink.open(f"udp://127.0.0.1:{meter.getsockname()[1]}", client_engine()) as link:
            assert link.exchange(b"get") == b"value"
            link.close(timeout=0.01)
        thread.join(10)


def test_what_the_engine_refuses_to_send_is_refused_and_the_link_stays() -> None:
    engine = client_engine()
    engine.longest = 100
    with meter_in_thread(Meter()) as address, BlockingLink.open(address, engine) as link:
        with pytest.raises(LocalProtocolError):
            link.exchange(bytes(101))
        assert link.exchange(b"12") == b"21"
