"""The customer ports of Netz NÖ and of KSM West: codes with value, scaler and unit, over wired M-Bus."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.devices.overlays import apparent_power, captures, numbers, values

from cosem.core.data import Data
from cosem.core.device import Device
from cosem.core.obis import LogicalName
from cosem.devices.ksm_west import DEVICE as KSM
from cosem.devices.netz_noe import DEVICE as NOE

# The operators' own tables: what comes, in its order.
NOE_CODES = "1.8 2.8 1.7 2.7 32.7 52.7 72.7 31.7 51.7 71.7 13.7"
KSM_CODES = "32.7 52.7 72.7 31.7 51.7 71.7 1.7 2.7 1.8 2.8 3.8 4.8"
UNITS = {"1.8": "Wh", "3.8": "varh", "1.7": "W", "32.7": "V", "31.7": "A"}


@pytest.mark.parametrize(("device", "codes"), [(NOE, NOE_CODES), (KSM, KSM_CODES)])
def test_what_comes_is_what_the_operator_says_in_its_order(device: Device, codes: str) -> None:
    for capture in captures(device.name):
        found = [
            str(each.item.logical_name)
            for each in values(device, capture).values()
            if each.quantity is not None
        ]
        assert found == [f"1.0.{code}.0.255" for code in codes.split()]


@pytest.mark.parametrize("device", [NOE, KSM])
def test_registers_have_the_units_of_their_codes(device: Device) -> None:
    for code, unit in UNITS.items():
        row = device.find(3, LogicalName(f"1.0.{code}.0.255"))
        if row is not None:
            prescribed = row.attributes[3].unit
            assert prescribed is not None
            assert prescribed.symbol == unit


def test_the_power_factor_agrees_with_voltages_and_currents() -> None:
    (found,) = (numbers(NOE, each) for each in captures("netz_noe") if "gh247" in each.origin.place)
    power = found["active_power_export"]
    assert abs(power / apparent_power(found) - found["power_factor"]) < Decimal("0.01")


def test_clock_and_meter_number_come_without_a_code() -> None:
    found = values(NOE, captures("netz_noe")[0])
    assert found["clock"].item.at == (1,)
    assert found["meter_number"].data.value == b"181220000009"


def test_ksm_west_names_the_maker_and_netz_noe_does_not() -> None:
    assert KSM.push[0].names_itself
    assert not NOE.push[0].names_itself
    assert NOE.read_push(Data(bytes.fromhex(captures("ksm_west")[0].octets))) is None


def test_both_come_over_wired_m_bus() -> None:
    assert (NOE.link.start, KSM.link.start, KSM.link.baud_rate, KSM.link.parity) == (
        "mbus",
        "mbus",
        2400,
        "even",
    )
