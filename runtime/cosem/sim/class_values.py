"""Values of an object that belong together, by class: so that it acts sensibly and does no harm."""

from __future__ import annotations

from typing import Final

from cosem.core.access import CosemObject
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.obis import LogicalName
from cosem.obis import describe
from cosem.sim.plausible import Surroundings

_ZEROS: Final = LogicalName(bytes(6))
_WRITE, _EXECUTE = 1, 2
"""Numbers of service_id (class 9)."""
_WEEK: Final = 7
_NIGHT, _DAY, _PEAK = 2, 1, 3
_MOST_MONITORED: Final = 100_000_000
"""No threshold is passed by itself: what acts on its own would surprise."""
_DEVICE_TYPES: Final = (3, 4, 7, 6)
"""M-Bus: gas, heat, water, warm water; as the channels of a simulated meter have them."""


def class_values(described: CosemObject, around: Surroundings) -> dict[str, Data]:
    """By name: attributes of this object whose values are more than one of their type."""
    name = described.logical_name
    match described.CLASS_ID:
        case 9:
            return {"scripts": _scripts(name, around)}
        case 11:
            return {"entries": Data.array(_special_days())}
        case 18:
            return {
                "image_block_size": Data.double_long_unsigned(200),
                "image_transfer_enabled": Data.boolean(True),
            }
        case 20:
            return _calendar(around)
        case 21 | 71:
            return _watching(described.CLASS_ID, around)
        case 22:
            return _schedule(name, around)
        case 40:
            return _push(around)
        case 70:
            return {
                "control_mode": Data.enum(4),
                "output_state": Data.boolean(True),
                "control_state": Data.enum(1),
            }
        case 72:
            return _m_bus_client(name, around)
        case _:
            return {}


def _octets(text: str) -> Data:
    return Data.octet_string(text.encode())


def _action(service: int, class_id: int, name: LogicalName, index: int, parameter: Data) -> Data:
    return Data.structure(
        [
            Data.enum(service),
            Data.long_unsigned(class_id),
            Data.octet_string(name),
            Data.integer(index),
            parameter,
        ]
    )


def _scripts(name: LogicalName, around: Surroundings) -> Data:
    """Scripts for what the words of the code say, on objects that are there; one that does nothing elsewhere."""
    words = describe(name)
    once = Data.integer(0)
    actions: list[list[Data]] = [[]]
    if "disconnect" in words and (breaker := around.some((70,))):
        actions = [[_action(_EXECUTE, 70, breaker, index, once)] for index in (1, 2)]
    elif "push" in words and around.objects.get(40):
        actions = [[_action(_EXECUTE, 40, each, 1, once)] for each in around.objects[40][:8]]
    elif "tariff" in words and (mask := around.some((6,))):
        actions = [[_action(_WRITE, 6, mask, 4, _octets(f"RATE{rate}"))] for rate in (1, 2)]
    return Data.array(
        Data.structure([Data.long_unsigned(number), Data.array(each)])
        for number, each in enumerate(actions, 1)
    )


def _special_days() -> list[Data]:
    """New Year, the first of May, Christmas, every year; with the day of Sundays."""
    days = ("*-01-01", "*-05-01", "*-12-25", "*-12-26")
    return [
        Data.structure(
            [Data.long_unsigned(number), Data.octet_string(Date.parse(day)), Data.unsigned(_NIGHT)]
        )
        for number, day in enumerate(days, 1)
    ]


def _calendar(around: Surroundings) -> dict[str, Data]:
    """Two rates by day; the passive calendar is the same, and nothing activates it."""
    table = around.some((9,)) or _ZEROS
    for each in around.objects.get(9, ()):
        if "tariff" in describe(each):
            table = each

    def day(number: int, *changes: tuple[str, int]) -> Data:
        schedule = [
            Data.structure(
                [Data.octet_string(Time.parse(at)), Data.octet_string(table), Data.long_unsigned(rate)]
            )
            for at, rate in changes
        ]
        return Data.structure([Data.unsigned(number), Data.array(schedule)])

    start = Data.octet_string(DateTime.parse("*-01-01 00:00:00"))
    week = [Data.unsigned(_DAY)] * 5 + [Data.unsigned(_NIGHT)] * 2
    parts = {
        "calendar_name": _octets("TWORATES"),
        "season_profile": Data.array([Data.structure([_octets("YEAR"), start, _octets("WEEK")])]),
        "week_profile_table": Data.array([Data.structure([_octets("WEEK"), *week])]),
        "day_profile_table": Data.array(
            [
                day(_DAY, ("00:00:00", _NIGHT), ("06:00:00", _DAY), ("22:00:00", _NIGHT)),
                day(_NIGHT, ("00:00:00", _NIGHT)),
            ]
        ),
    }
    values = {f"{name}_{which}": value for name, value in parts.items() for which in ("active", "passive")}
    return values | {"activate_passive_calendar_time": Data.octet_string(DateTime.unspecified())}


def _no_script(around: Surroundings) -> Data:
    return Data.structure([Data.octet_string(around.some((9,)) or _ZEROS), Data.long_unsigned(0)])


def _watching(class_id: int, around: Surroundings) -> dict[str, Data]:
    """A register monitor or a limiter that watches the first register and does nothing."""
    watched = next(
        ((each, around.objects[each][0]) for each in (3, 4) if around.objects.get(each)), (3, _ZEROS)
    )
    nothing = Data.structure([_no_script(around), _no_script(around)])
    far = Data.double_long_unsigned(_MOST_MONITORED)
    value = Data.structure([Data.long_unsigned(watched[0]), Data.octet_string(watched[1]), Data.integer(2)])
    if class_id == 21:
        return {"monitored_value": value, "thresholds": Data.array([far]), "actions": Data.array([nothing])}
    never = [Data.long_unsigned(0), Data.octet_string(DateTime.unspecified()), Data.double_long_unsigned(0)]
    return {
        "monitored_value": value,
        "threshold_normal": far,
        "threshold_emergency": far,
        "threshold_active": far,
        "emergency_profile": Data.structure(never),
        "emergency_profile_active": Data.boolean(False),
        "actions": nothing,
    }


def _schedule(name: LogicalName, around: Surroundings) -> dict[str, Data]:
    """Billing and pushes come at midnight, of the first day of the month and every day; all else is not planned."""
    words = describe(name)
    wanted = next((word for word in ("billing", "push", "disconnect", "image") if word in words), "")
    tables = [each for each in around.objects.get(9, ()) if wanted and wanted in describe(each)]
    item = (
        Data.structure([Data.octet_string(tables[0]), Data.long_unsigned(1)])
        if tables
        else _no_script(around)
    )
    day = {"billing": "*-*-01", "push": "*-*-*"}.get(wanted)
    midnight = Data.octet_string(Time.parse("00:00:00"))
    at = [] if day is None else [Data.structure([midnight, Data.octet_string(Date.parse(day))])]
    return {"executed_script": item, "type": Data.enum(1), "execution_time": Data.array(at)}


def _push(around: Surroundings) -> dict[str, Data]:
    """Nowhere to push to but an address for documentation; never restricted to a time."""
    where = Data.structure([Data.enum(0), _octets("192.0.2.1:4059"), Data.enum(0)])
    return {
        "send_destination_and_method": where,
        "communication_window": Data.array([]),
        "port_reference": Data.octet_string(around.some((41, 23, 48, 42)) or _ZEROS),
        "push_protection_parameters": Data.array([]),
    }


def _m_bus_client(name: LogicalName, around: Surroundings) -> dict[str, Data]:
    """A meter on the channel that B tells."""
    channel = max(name.b, 1)
    return {
        "mbus_port_reference": Data.octet_string(around.some((74,)) or _ZEROS),
        "capture_definition": Data.array(
            [Data.structure([Data.octet_string(b"\x04"), Data.octet_string(b"\x13")])]
        ),
        "capture_period": Data.double_long_unsigned(3600),
        "primary_address": Data.unsigned(channel & 0xFF),
        "identification_number": Data.double_long_unsigned(0x1234_5670 + channel),
        "manufacturer_id": Data.long_unsigned(0x6265),
        "version": Data.unsigned(1),
        "device_type": Data.unsigned(_DEVICE_TYPES[(channel - 1) % len(_DEVICE_TYPES)]),
        "status": Data.unsigned(0),
        "alarm": Data.unsigned(0),
        "configuration": Data.long_unsigned(0),
        "encryption_key_status": Data.enum(0),
    }
