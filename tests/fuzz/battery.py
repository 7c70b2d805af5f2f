"""Run mutated inputs against targets, and keep what should not have happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.fuzz.mutation import mutated

from cosem.core.errors import CosemError


@dataclass(frozen=True, slots=True)
class Target:
    """A public way in: ``decode`` takes any octets, and raises CosemError or nothing."""

    name: str
    seeds: Sequence[bytes]
    decode: Callable[[bytes], object]
    weight: int = 1


@dataclass(slots=True)
class Failure:
    """An exception that is no CosemError; ``python -m tests.fuzz --target NAME --octets HEX`` shows it again."""

    target: str
    octets: bytes
    error: Exception

    def __str__(self) -> str:
        return f"{self.target}: {type(self.error).__name__}: {self.error}: {self.octets.hex()}"


@dataclass(slots=True)
class Report:
    """Counts, and the slowest input by the clock that was given."""

    inputs: int = 0
    accepted: int = 0
    failures: list[Failure] = field(default_factory=list)
    worst: float = 0.0
    worst_target: str = ""
    worst_octets: bytes = b""


def still(_: float = 0.0) -> float:
    """The clock of who does not measure."""
    return 0.0


def run(
    targets: Sequence[Target],
    inputs: int,
    seed: int = 1,
    clock: Callable[[], float] = still,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Give ``inputs`` mutated inputs to the targets, in turn and by weight."""
    random = Random(seed)
    turns = [target for target in targets for _ in range(target.weight)]
    random.shuffle(turns)
    report = Report()
    while report.inputs < inputs:
        for target in turns[: inputs - report.inputs]:
            octets = mutated(target.seeds, random)
            begun = clock()
            try:
                target.decode(octets)
                report.accepted += 1
            except CosemError:
                pass
            except Exception as error:
                report.failures.append(Failure(target.name, octets, error))
            taken = clock() - begun
            if taken > report.worst:
                report.worst, report.worst_target, report.worst_octets = taken, target.name, octets
            report.inputs += 1
        if progress is not None:
            progress(report)
    return report
