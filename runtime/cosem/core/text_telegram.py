"""Text telegrams: what a meter sends as IEC 62056-21 data sets, in plain characters; P1 ports and optical heads do."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """One pair of brackets: the characters of a value, and of its unit behind ``*``; a value without unit has none."""

    text: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.text}*{self.unit}" if self.unit else self.text


@dataclass(slots=True)
class DataSet:
    """An address, as it is written (``1-0:1.8.1``, ``1.8.1*05``, ``F.F``), and the values in brackets behind it."""

    address: str
    values: list[WrittenValue] = field(default_factory=list[WrittenValue])


@dataclass(slots=True)
class TextTelegram:
    """What one readout says. ``identification`` is the line behind ``/``: FLAG id, baud rate, the meter's own words."""

    identification: str
    data_sets: list[DataSet] = field(default_factory=list[DataSet])

    @property
    def flag(self) -> str:
        """The FLAG id of the maker; a small third letter, which stands for a short reaction time, is made a capital."""
        return self.identification[:3].upper()
