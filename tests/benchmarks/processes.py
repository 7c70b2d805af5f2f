"""A meter, and a client of many sessions, each in a process of its own that tells what memory it has.

``python -m tests.benchmarks.processes meter ROWS`` prints the address that it serves; ``… clients URL COUNT`` opens so
many associations and holds them. Both then print their resident memory, in KiB, for each line on stdin.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.own_meter import IMPORTED, own_meter

from cosem.client import AsyncClient, connect
from cosem.server import MeterServer
from cosem.transport.limits import ListenLimits

_ROOT = Path(__file__).resolve().parents[2]
_AT_ONCE = 200
_WARM_UP = 300


class Peer:
    """The other process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def line(self) -> str:
        """The next line that it prints."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def memory(self) -> int:
        """Its resident memory in KiB."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self.line())


@contextmanager
def _process(*arguments: str) -> Iterator[Peer]:
    command = [sys.executable, "-m", "tests.benchmarks.processes", *arguments]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Peer(process)
        finally:
            process.terminate()


@contextmanager
def meter_process(rows: int = 1) -> Iterator[tuple[Peer, str]]:
    """A meter with so many rows in its load profile, and its address (wrapper over TCP)."""
    with _process("meter", str(rows)) as peer:
        yield peer, peer.line()


@contextmanager
def clients_process(url: str, count: int) -> Iterator[tuple[Peer, int]]:
    """So many associations, held; and the resident memory, in KiB, without them."""
    with _process("clients", url, str(count)) as peer:
        before = int(peer.line())
        assert peer.line() == "open"
        yield peer, before


def descriptors() -> int:
    """How many files a process may have open."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def _resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def _raise_limit() -> None:
    hard = descriptors()
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _answer_stdin() -> None:
    while await asyncio.to_thread(sys.stdin.readline):
        print(_resident(), flush=True)


async def _serve(rows: int) -> None:
    limits = ListenLimits(connections=descriptors())
    async with MeterServer(own_meter(rows), "tcp://127.0.0.1:0", limits=limits) as server:
        print(server.addresses[0], flush=True)
        await _answer_stdin()


async def _hold(url: str, count: int) -> None:
    held: list[AsyncClient] = []
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one() -> None:
        async with gate:
            client = await connect(url, timeout=60.0)
            await client.get(IMPORTED.value)
            held.append(client)

    await asyncio.gather(*(one() for _ in range(_WARM_UP)))
    print(_resident(), flush=True)
    await asyncio.gather(*(one() for _ in range(count)))
    print("open", flush=True)
    await _answer_stdin()


if __name__ == "__main__":
    _raise_limit()
    match sys.argv[1:]:
        case ["meter", rows]:
            asyncio.run(_serve(int(rows)))
        case ["clients", url, count]:
            asyncio.run(_hold(url, int(count)))
