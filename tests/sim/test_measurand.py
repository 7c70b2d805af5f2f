"""What a code and a unit measure, and that quantities of one meter fit together."""

from __future__ import annotations

import pytest
from tests.sim.devices import NOON, ORIGIN

from cosem.core.device import Device, DeviceObject, ObisPattern, Prescribed
from cosem.core.obis import LogicalName
from cosem.core.tags import Tag
from cosem.model import CATALOGUE
from cosem.model.types.units import Unit
from cosem.sim import DevicePackage, Meter, device_file
from cosem.sim.live import bounded
from cosem.sim.measurand import measurand


@pytest.mark.parametrize(
    ("code", "source", "unit"),
    [
        ("1.0.1.8.0.255", "energy.import", Unit.ACTIVE_ENERGY),
        ("1.0.1.8.3.255", "energy.import.3", Unit.ACTIVE_ENERGY),
        ("1.0.1.8.9.255", "constant.0", Unit.ACTIVE_ENERGY),
        ("1.0.2.8.1.101", "billing.1.energy.export.1", Unit.ACTIVE_ENERGY),
        ("1.0.1.29.0.255", "interval.energy.import", Unit.ACTIVE_ENERGY),
        ("1.0.6.8.0.255", "energy.reactive_q2", Unit.REACTIVE_ENERGY),
        ("1.0.9.8.0.255", "energy.apparent_import", Unit.APPARENT_ENERGY),
        ("1.0.41.7.0.255", "power.import.l2", Unit.ACTIVE_POWER),
        ("1.0.16.7.0.255", "power.net", Unit.ACTIVE_POWER),
        ("1.0.3.6.0.255", "demand.reactive_import.maximum", Unit.REACTIVE_POWER),
        ("1.0.72.7.0.255", "voltage.l3", Unit.VOLTAGE),
        ("1.0.91.7.0.255", "current.n", Unit.CURRENT),
        ("1.0.90.7.0.255", "current.sum", Unit.CURRENT),
        ("1.0.14.7.0.255", "frequency", Unit.FREQUENCY),
        ("1.0.13.7.0.255", "power_factor", Unit.COUNT),
        ("1.0.81.7.10.255", "constant.240", Unit.PHASE_ANGLE),
        ("1.0.32.35.0.255", "constant.253", Unit.VOLTAGE),
        ("7.0.13.2.0.255", "energy.gas", Unit.VOLUME),
        ("6.0.1.0.0.255", "energy.heat", Unit.ACTIVE_ENERGY),
        ("6.0.10.0.0.255", "temperature.flow", Unit.TEMPERATURE),
        ("8.0.1.0.0.255", "energy.water", Unit.VOLUME),
        ("0.1.24.2.1.255", "energy.gas", Unit.VOLUME),
        ("0.0.96.9.0.255", "temperature.ambient", Unit.TEMPERATURE),
        ("0.0.96.14.0.255", "tariff.import", Unit.COUNT),
    ],
)
def test_a_code_says_what_is_measured(code: str, source: str, unit: Unit) -> None:
    found = measurand(LogicalName(code))
    assert (found.source, found.unit) == (source, unit)


def test_the_unit_of_the_list_goes_first_where_the_code_is_of_another_kind() -> None:
    found = measurand(LogicalName("0.1.24.2.1.255"), Unit.ACTIVE_ENERGY, 3)
    assert (found.source, found.unit, found.scaler) == ("energy.import", Unit.ACTIVE_ENERGY, 3)
    assert measurand(LogicalName("1.0.1.8.0.255"), Unit.ENERGY).factor == 3600
    assert measurand(LogicalName("0.0.96.9.0.255"), Unit.TEMPERATURE_KELVIN).offset == 273.15


def test_what_may_be_below_zero_is_carried_with_a_sign() -> None:
    assert measurand(LogicalName("1.0.16.7.0.255")).tag == Tag.DOUBLE_LONG
    assert measurand(LogicalName("0.0.96.9.0.255")).tag == Tag.LONG


CODES = (
    "1.0.1.8.e.255",
    "1.0.1-10.7.0.255",
    "1.0.21/41/61.7.0.255",
    "1.0.31/51/71.7.0.255",
    "1.0.32/52/72.7.0.255",
)


def meter(now: float = NOON) -> Meter:
    fixed = {3: Prescribed(scaler=-3)}
    rows = tuple(
        DeviceObject(f"row_{number}", ObisPattern(code), 3, 0, ORIGIN, attributes=fixed)
        for number, code in enumerate(CODES)
    )
    return Meter(device_file(DevicePackage(Device("test", "Test", objects=rows), CATALOGUE)), now=lambda: now)


def value(meter: Meter, code: str) -> float:
    number = meter.logical_device.objects[LogicalName(code)].value(2)
    assert isinstance(number, int)
    return number / 1000


def test_phases_and_tariffs_sum_up_and_power_is_voltage_times_current() -> None:
    one = meter()
    tariffs = sum(value(one, f"1.0.1.8.{tariff}.255") for tariff in (1, 2, 3, 4))
    assert value(one, "1.0.1.8.0.255") == pytest.approx(tariffs, abs=0.01)
    phases = [value(one, f"1.0.{c}.7.0.255") for c in (21, 41, 61)]
    assert value(one, "1.0.1.7.0.255") == pytest.approx(sum(phases), abs=0.01)
    for phase, power in enumerate(phases):
        apparent = value(one, f"1.0.{32 + 20 * phase}.7.0.255") * value(one, f"1.0.{31 + 20 * phase}.7.0.255")
        assert power == pytest.approx(apparent * 0.96, rel=0.01)
    active, reactive = value(one, "1.0.1.7.0.255"), value(one, "1.0.5.7.0.255") + value(one, "1.0.8.7.0.255")
    assert value(one, "1.0.9.7.0.255") == pytest.approx((active**2 + reactive**2) ** 0.5, rel=0.01)


def test_counters_roll_over_where_their_type_ends_and_others_stop() -> None:
    assert bounded(lambda time: 70_000.0, Tag.LONG_UNSIGNED, 0, "roll")(0) == 70_000 - 65_536
    assert bounded(lambda time: 70_000.0, Tag.LONG_UNSIGNED, 0, "stop")(0) == 65_535
    assert bounded(lambda time: -5.0, Tag.UNSIGNED, -1, "stop")(0) == 0


def test_energy_goes_on_with_the_clock() -> None:
    assert value(meter(NOON + 3600), "1.0.1.8.0.255") > value(meter(NOON), "1.0.1.8.0.255")
