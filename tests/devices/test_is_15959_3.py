"""IS 15959 part 3: meters behind transformers, without a load switch, with demand of export."""

from __future__ import annotations

import pytest
from tests.devices.tables import columns, entry

from cosem.core.obis import LogicalName
from cosem.devices.is_15959_3 import DEVICE

POLYPHASE = "polyphase"


def test_it_stands_on_part_2_with_its_associations() -> None:
    assert DEVICE.extends == ("is_15959_1", "is_15959_2")
    names = {each.name for each in DEVICE.associations}
    assert names >= {"public_client", "meter_reader", "utility_setting", "push", "firmware_upgrade"}


@pytest.mark.parametrize(
    ("class_id", "code"),
    [(70, "0.0.96.3.10.255"), (71, "0.0.17.0.0.255"), (1, "0.0.94.96.20.255"), (3, "1.0.91.7.0.255"),
     (3, "1.0.11.7.0.255")],
)  # fmt: skip
def test_there_is_no_load_switch_no_prepayment_and_nothing_of_single_phase_meters(
    class_id: int, code: str
) -> None:
    assert DEVICE.find(class_id, LogicalName(code)) is None
    assert not any("single_phase" in each.variants for each in DEVICE.objects)


def test_transformer_ratios_are_on_the_name_plate() -> None:
    captured = columns(DEVICE, "0.0.94.91.10.255", POLYPHASE)
    assert captured[-3:] == ["1.0.0.4.2", "1.0.0.4.3", "0.0.96.1.4"]


def test_profiles_have_demand_of_export_and_no_load_switch() -> None:
    instant, billing = (columns(DEVICE, code, POLYPHASE) for code in ("1.0.94.91.0.255", "1.0.98.1.0.255"))
    for captured in (instant, billing):
        assert {"1.0.2.6.0", "1.0.2.6.0 5", "1.0.10.6.0", "1.0.10.6.0 5"} <= set(captured)
        assert not {"0.0.96.3.10", "0.0.17.0.0 3"} & set(captured)
    assert {f"1.0.{quadrant}.8.0" for quadrant in (5, 6, 7, 8)} <= set(instant)
    assert "confidence: low" in entry(DEVICE, 7, "1.0.94.91.0.255", POLYPHASE).origin.place
