"""The words for OBIS codes, and the named objects."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.obis import abstract, classes_of, describe, electricity, find, name

VECTORS = Path(__file__).parent.parent / "vectors" / "obis.yaml"


def vectors() -> list[tuple[str, str]]:
    # BaseLoader: the default resolver would read a code such as 1:20 as a number in base 60.
    tables = yaml.load(VECTORS.read_text("utf-8"), yaml.BaseLoader)
    return [(code, words) for table in tables for code, words in table["codes"].items()]


def test_the_vectors_are_many_and_different() -> None:
    codes = [LogicalName(code) for code, _ in vectors()]
    assert len(codes) >= 150
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(("code", "words"), vectors())
def test_a_code_says_what_the_public_tables_say(code: str, words: str) -> None:
    assert describe(code) == words


@given(st.binary(min_size=6, max_size=6))
def test_any_six_octets_have_words(octets: bytes) -> None:
    words = describe(octets)
    assert words
    assert words == " ".join(words.split())
    assert "{" not in words
    assert not words.startswith(",")
    assert not words.endswith(",")
    assert all(0 < number < 32768 for number in classes_of(octets))


@given(st.integers(0, 1), st.binary(min_size=4, max_size=4))
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
        ("7-0:3.0.0", None),
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
        ("6.0.1.0.0.255", ()),
    ],
)
def test_classes_usual_for_an_object(code: str | bytes, classes: tuple[int, ...]) -> None:
    assert classes_of(code) == classes


def test_named_objects_have_one_code_each_and_are_found_by_it() -> None:
    objects = find("")
    assert len(objects) > 500
    assert len({item.code for item in objects}) == len({item.name for item in objects}) == len(objects)
    for item in objects:
        assert name(item.code) == item.name
        assert describe(item.code) == item.description
        assert item in find(str(item.code))


def test_find_wants_each_word_at_the_beginning_of_one() -> None:
    assert [item.name for item in find("energy EXPORT tariff 2")] == [
        "electricity.ACTIVE_ENERGY_EXPORT_TARIFF_2",
        "electricity.REACTIVE_ENERGY_EXPORT_TARIFF_2",
    ]
    for code in ("1-0:32.7.0", "32.7.0", "1.0.32.7.0.255"):
        assert [item.name for item in find(code)] == ["electricity.VOLTAGE_L1"]
    assert "abstract.MBUS_CLIENT" in [item.name for item in find("m-bus client")]
    assert find("no such thing") == []


def test_importing_the_package_loads_no_table() -> None:
    script = "import sys, cosem.obis; print([m for m in sys.modules if m.startswith('cosem.obis.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
