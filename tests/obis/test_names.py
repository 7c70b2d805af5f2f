"""The words for OBIS codes, and the named objects."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.obis_names import Catalogue
from cosem.core.obis_search import composed
from cosem.obis import (
    abstract,
    classes_of,
    describe,
    electricity,
    find,
    gas,
    heat_cost_allocator,
    name,
    thermal,
    water,
)
from cosem.obis._electricity_tables import TABLES as ELECTRICITY
from cosem.obis._groups_tables import FIRST, LAST

MEDIA = (0, 1, 2, 4, 5, 6, 7, 8, 9, 15)

VECTORS = Path(__file__).parent.parent / "vectors"


class Source(NamedTuple):
    """Codes from one origin; ``seen`` unless the origin could not be looked up again."""

    origin: str
    seen: bool
    codes: dict[str, str]


def sources() -> list[Source]:
    # BaseLoader: the default resolver would read a code such as 1:20 as a number in base 60.
    files = [
        yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in sorted(VECTORS.glob("obis*.yaml"))
    ]
    return [
        Source(table["origin"], table.get("looked_up") != "false", table["codes"])
        for file in files
        for table in file
    ]


SOURCES = sources()


def test_the_vectors_are_many_and_different_and_of_all_media() -> None:
    codes = [LogicalName(code) for source in SOURCES for code in source.codes]
    assert len(codes) >= 800
    assert len(set(codes)) == len(codes)
    of_medium = Counter(code.a for code in codes)
    assert all(of_medium[medium] >= 100 for medium in (0, 1, 7))
    assert all(of_medium[medium] >= 15 for medium in (4, 5, 6, 8, 9))


def test_the_vectors_name_their_origin_and_nearly_all_were_seen_there() -> None:
    assert all(len(source.origin) > 10 for source in SOURCES)
    unseen = sum(len(source.codes) for source in SOURCES if not source.seen)
    assert unseen * 50 < sum(len(source.codes) for source in SOURCES)


@pytest.mark.parametrize("source", SOURCES, ids=[source.origin[:40] for source in SOURCES])
def test_a_code_says_what_the_public_tables_say(source: Source) -> None:
    assert {code: describe(code) for code in source.codes} == source.codes


@given(st.binary(min_size=6, max_size=6))
def test_any_six_octets_have_words(octets: bytes) -> None:
    words = describe(octets)
    assert words
    assert words == " ".join(words.split())
    assert "{" not in words
    assert not words.startswith(",")
    assert not words.endswith(",")
    assert all(0 < number < 32768 for number in classes_of(octets))


@given(st.sampled_from(MEDIA), st.binary(min_size=4, max_size=4))
def test_a_channel_is_said_behind_the_rest(medium: int, rest: bytes) -> None:
    code = LogicalName(bytes([medium, 0]) + rest)
    with_channel = describe(code.having(b=3))
    is_push_setup = code[:5] == abstract.PUSH_SETUP[:5]  # the one object whose channel is an instance
    assert is_push_setup or "channel 3" in with_channel


@pytest.mark.parametrize("quantity", range(1, 11))
@pytest.mark.parametrize(("offset", "phase"), [(20, "L1"), (40, "L2"), (60, "L3")])
def test_phases_repeat_the_quantities_of_the_sum_twenty_further(
    quantity: int, offset: int, phase: str
) -> None:
    of_sum = describe(bytes([1, 0, quantity, 8, 0, 255])).split(", ")
    of_phase = describe(bytes([1, 0, quantity + offset, 8, 0, 255])).split(", ")
    assert of_phase == [f"{of_sum[0]} {phase}", *of_sum[1:]]


@given(st.integers(1, 63))
def test_group_e_is_a_tariff_for_energies_and_a_harmonic_for_instantaneous_voltages(number: int) -> None:
    assert describe(bytes([1, 0, 1, 8, number, 255])).endswith(f"tariff {number}")
    assert describe(bytes([1, 0, 32, 7, number, 255])).endswith(f"harmonic {number}")


@given(st.integers(102, 125))
def test_group_f_counts_closed_billing_periods_back_for_values_and_their_number_for_profiles(f: int) -> None:
    assert describe(bytes([1, 0, 1, 8, 0, f])).endswith("last billing period")
    assert describe(bytes([1, 0, 98, 1, 0, f])).endswith(f"last {f - 100} billing periods")


@pytest.mark.parametrize("group", [1, 2])
@given(rest=st.binary(min_size=6, max_size=6), number=st.integers(128, 199))
def test_manufacturer_ranges_are_named(group: int, rest: bytes, number: int) -> None:
    code = bytearray(rest)
    code[1] = 0
    code[group] = number
    assert "manufacturer specific" in describe(bytes(code))


@pytest.mark.parametrize("code", ["", "12", "x", "1.0.1.8.0.256"])
def test_what_is_no_code_is_an_invalid_value(code: str) -> None:
    for ask in (describe, name, classes_of):
        with pytest.raises(InvalidValueError):
            ask(code)


@pytest.mark.parametrize(
    ("code", "constant"),
    [
        (abstract.CLOCK, "abstract.CLOCK"),
        ("0.0.40.0.0.255", "abstract.CURRENT_ASSOCIATION"),
        ("0.0.44.0.0.255", "abstract.IMAGE_TRANSFER"),
        ("0.0.99.98.0.255", "abstract.EVENT_LOG"),
        ("1-0:1.8.0", "electricity.ACTIVE_ENERGY_IMPORT"),
        ("1-0:2.8.4", "electricity.ACTIVE_ENERGY_EXPORT_TARIFF_4"),
        ("1-0:41.7.0", "electricity.ACTIVE_POWER_IMPORT_L2"),
        ("1-0:32.7.0", "electricity.VOLTAGE_L1"),
        ("1-0:99.1.0", "electricity.LOAD_PROFILE_1"),
        ("1-0:99.1.1", None),
        ("1-1:1.8.0", None),
        ("7-0:3.0.0", "gas.FORWARD_ABSOLUTE_METER_VOLUME"),
        ("7-0:13.2.0", "gas.FORWARD_ABSOLUTE_CONVERTER_VOLUME_CONVERTED"),
        ("7-0:0.9.3", "gas.GAS_DAY_START"),
        ("4-0:1.2.0", "heat_cost_allocator.UNRATED_INTEGRAL_SET_DATE"),
        ("5-0:1.0.0", "thermal.COOLING_ENERGY"),
        ("6-0:1.0.2", "thermal.HEATING_ENERGY_TARIFF_2"),
        ("8-0:1.0.0", "water.COLD_VOLUME"),
        ("9-0:2.0.0", "water.HOT_FLOW_RATE"),
        ("15-0:99.1.0", "other.LOAD_PROFILE"),
        ("2-0:99.1.0", "dc_electricity.LOAD_PROFILE_1"),
        ("3-0:1.0.0", None),
    ],
)
def test_name_is_the_constant_for_exactly_this_code(code: str | bytes, constant: str | None) -> None:
    assert name(code) == constant


@pytest.mark.parametrize(
    ("code", "classes"),
    [
        (abstract.CLOCK, (8,)),
        (abstract.CLOCK.having(b=4, e=2), (8,)),
        (abstract.CURRENT_ASSOCIATION, (15, 12)),
        (abstract.DISCONNECT_CONTROL, (70,)),
        (abstract.MBUS_CLIENT, (72,)),
        (abstract.DEVICE_ID_1, (1, 3, 4)),
        (electricity.ACTIVE_ENERGY_IMPORT, (3, 4)),
        (electricity.ACTIVE_DEMAND_IMPORT_LAST_AVERAGE, (3, 4, 5, 21)),
        (electricity.LOAD_PROFILE_1, (7,)),
        ("0.0.96.50.0.255", ()),
        (gas.FORWARD_ABSOLUTE_METER_VOLUME, (3, 4)),
        (gas.FLOW_RATE_LAST_AVERAGE_1, (3, 4, 5)),
        (gas.SENSOR_MANAGER, (67,)),
        (gas.LOAD_PROFILE_DAY, (7,)),
        (heat_cost_allocator.UNRATED_INTEGRAL, (3, 4)),
        (thermal.HEATING_ENERGY, (3, 4)),
        (thermal.COOLING_LOAD_PROFILE_1, (7,)),
        (water.COLD_ID_1, (1, 3, 4)),
        ("6.0.14.0.0.255", ()),
    ],
)
def test_classes_usual_for_an_object(code: str | bytes, classes: tuple[int, ...]) -> None:
    assert classes_of(code) == classes


def test_named_objects_have_one_code_each_and_are_found_by_it() -> None:
    objects = find("")
    assert len(objects) > 1000
    assert len({item.code for item in objects}) == len({item.name for item in objects}) == len(objects)
    for item in objects:
        assert name(item.code) == item.name
        assert describe(item.code) == item.description
    for item in objects[::10]:
        assert item in find(str(item.code))
        assert item in find(item.name)
        assert item in find(item.description)


def test_find_wants_each_word_at_the_beginning_of_one() -> None:
    assert [item.name for item in find("energy EXPORT tariff 2")] == [
        "electricity.ACTIVE_ENERGY_EXPORT_TARIFF_2",
        "electricity.REACTIVE_ENERGY_EXPORT_TARIFF_2",
    ]
    for code in ("1-0:32.7.0", "32.7.0", "1.0.32.7.0.255"):
        assert [item.name for item in find(code)] == ["electricity.VOLTAGE_L1"]
    assert [item.name for item in find("active energy import tariff 2")] == [
        "electricity.ACTIVE_ENERGY_IMPORT_TARIFF_2"
    ]
    assert [item.name for item in find("cold water volume tariff 3")] == ["water.COLD_VOLUME_TARIFF_3"]
    assert [item.name for item in find("heating return temperature maximum")] == [
        "thermal.HEATING_RETURN_TEMPERATURE_MAXIMUM"
    ]
    assert "gas.SUPERIOR_CALORIFIC_VALUE_MONTH" in [item.name for item in find("calorific value month")]
    assert "abstract.MBUS_CLIENT" in [item.name for item in find("m-bus client")]
    assert find("no such thing") == []


@given(
    st.binary(min_size=4, max_size=4), st.sampled_from([(5, "cooling", 6, "heating"), (8, "cold", 9, "hot")])
)
def test_the_two_media_of_heat_and_of_water_say_the_same_of_themselves(
    rest: bytes, pair: tuple[int, str, int, str]
) -> None:
    one, word, other, other_word = pair
    assert describe(bytes([one, 0]) + rest).replace(word, other_word) == describe(bytes([other, 0]) + rest)


@given(st.integers(2, 32), st.integers(1, 63))
def test_group_d_of_gas_indices_goes_in_threes(triplet: int, tariff: int) -> None:
    words = [describe(bytes([7, 0, 13, 3 * triplet + place, tariff, 255])).split(", ") for place in range(3)]
    assert [said[2] for said in words] == ["at metering conditions", "corrected", "at base conditions"]
    assert len({said[1] for said in words}) == 1
    assert all(said[3] == f"tariff {tariff}" for said in words)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("voltage L1 harmonic 7", "1.0.32.7.7.255"),
        ("reactive energy QI tariff 7", "1.0.5.8.7.255"),
        ("active power import L2 maximum 1 tariff 3", "1.0.41.6.3.255"),
        ("heating energy set date value tariff 2", "6.0.1.2.2.255"),
        ("forward disturbed meter volume base conditions tariff 5", "7.0.2.2.5.255"),
        ("cold water volume channel 3", "8.3.1.0.0.255"),
        ("active energy import tariff 3 last billing period", "1.0.1.8.3.101"),
        ("current L1 over limit occurrences", "1.0.31.36.0.255"),
        ("active line losses import L2", "1.0.83.8.51.255"),
    ],
)
def test_words_that_no_constant_has_are_composed_of_the_groups(text: str, code: str) -> None:
    first = find(text)[0]
    assert first == ("", LogicalName(code), describe(code), classes_of(code))


@pytest.mark.parametrize("text", ["parsec", "voltage L1 7", "harmonic 7 tariff 2 voltage"])
def test_words_that_nothing_says_find_nothing(text: str) -> None:
    assert find(text) == []


def test_no_words_compose_no_code() -> None:
    rules = Catalogue([FIRST, ELECTRICITY, LAST])
    assert composed([rules], "active energy import tariff 7") != []
    assert composed([rules], "") == composed([rules], " , ()") == []


@given(st.text(max_size=40))
@settings(max_examples=15, deadline=None)
def test_whatever_is_found_says_the_numbers_that_were_looked_for(text: str) -> None:
    for item in [*find(f"{text} tariff 9"), *find("tariff 9")[:2]]:
        assert "tariff 9" in item.description


@pytest.mark.parametrize(
    ("call", "loaded"),
    [
        ("", []),
        ("cosem.obis.describe('6-0:1.0.0')", ["_groups_tables", "_thermal_energy_tables"]),
        ("cosem.obis.name('8-0:1.0.0')", ["_groups_tables", "_water_tables", "water"]),
    ],
)
def test_only_what_is_asked_for_is_loaded(call: str, loaded: list[str]) -> None:
    script = (
        f"import sys, cosem.obis; {call}\nprint(*(m for m in sys.modules if m.startswith('cosem.obis.')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert sorted(module.removeprefix("cosem.obis.") for module in done.stdout.split()) == loaded
