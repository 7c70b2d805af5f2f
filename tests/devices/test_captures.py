"""Every captured push of every overlay, read with the generated device."""

from __future__ import annotations

import pytest
from tests.devices.overlays import assert_decodes, body, captures, overlays

from cosem.cli.known_lists import devices_that_send
from cosem.core.data import Data
from cosem.core.device_registry import load_device
from cosem.core.text_telegram import TextTelegram

CAPTURES = [(name, number) for name in overlays() for number in range(len(captures(name)))]
UNSEEN = {
    "aidon_han": {"list_2", "list_2_it_grid", "list_3_it_grid"},  # what list_3 has, in part
    "kaifa_han": {"list_2_one_phase"},  # what list_3_one_phase has before the clock
    "emis_elektra": {"energy_with_list"},  # described from one packet; its octets are not public
    "is_15959_2": {"alert", "block_load_single_phase", "instant_single_phase"},  # no public telegram
    "finland_p1": {"h1"},  # no public telegram
    "lithuania_p1": {"telegram"},  # seen without its serial number and therefore without a right CRC
    "hungary_p1": {"any_maker"},  # the same list of others than Sagemcom
    "smr_5_0": {"wake_up"},  # as the head-end expects it, no octets
    "smr_5_2": {"alarms"},  # what alarm has, and a second register
    "smr_5_5": {"last_gasp"},  # as the head-end expects it, no octets
}


@pytest.mark.parametrize(("name", "number"), CAPTURES)
def test_what_was_captured_decodes_as_the_overlay_says(name: str, number: int) -> None:
    capture = captures(name)[number]
    assert capture.values
    assert_decodes(load_device(f"cosem.devices.{name}"), capture)


@pytest.mark.parametrize("name", overlays())
def test_every_list_has_been_seen_or_is_known_not_to_have_been(name: str) -> None:
    seen = {each.list for each in captures(name)}
    assert {each.name for each in overlays()[name].push} - seen == UNSEEN.get(name, set())


@pytest.mark.parametrize(("name", "number"), CAPTURES)
def test_no_other_device_takes_a_capture_for_a_list_that_names_itself(name: str, number: int) -> None:
    """Landis+Gyr's meters with an object list in front are the ones that cannot be told apart."""
    pushed = body(captures(name)[number])
    if not isinstance(pushed, Data):
        return
    others = [
        other
        for other in overlays()
        if other != name
        and any(
            each.names_itself and each.fits(pushed) for each in load_device(f"cosem.devices.{other}").push
        )
    ]
    alike = {"landis_gyr_e450": ["landis_gyr_e570"], "landis_gyr_e570": ["landis_gyr_e450"]}
    assert others in ([], alike.get(name))


@pytest.mark.parametrize(("name", "number"), [each for each in CAPTURES if captures(each[0])[each[1]].text])
def test_a_text_telegram_is_known_by_what_most_is_asked_for(name: str, number: int) -> None:
    """What stands on a companion standard asks for more than that, so no device has to be named."""
    pushed = body(captures(name)[number])
    assert isinstance(pushed, TextTelegram)
    assert [each.name for each in devices_that_send(pushed)] == [name]
