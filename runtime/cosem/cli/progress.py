"""How far something is, on standard error of a terminal, once it takes longer than a second."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from cosem.cli.output import console

T = TypeVar("T")

_PATIENCE = 1.0


def tracked(items: Collection[T], what: str) -> Iterator[T]:
    """The items; a bar shows how many are done, if they take long and somebody looks."""
    out = console(stderr=True)
    if not out.is_terminal:
        yield from items
        return
    from rich.progress import Progress

    begun = monotonic()
    progress = Progress(console=out, transient=True)
    task = progress.add_task(what, total=len(items))
    try:
        for item in items:
            if not progress.live.is_started and monotonic() - begun > _PATIENCE:
                progress.start()
            yield item
            progress.advance(task)
    finally:
        progress.stop()


@contextmanager
def waiting(what: str) -> Generator[None, None, None]:
    """Say what is being waited for while the block runs, if somebody looks."""
    out = console(stderr=True)
    if not out.is_terminal:
        yield
        return
    with out.status(what):
        yield


def batches(items: Iterable[T], size: int) -> list[list[T]]:
    """The items in lists of at most ``size``."""
    everything = list(items)
    return [everything[begin : begin + size] for begin in range(0, len(everything), size)]
