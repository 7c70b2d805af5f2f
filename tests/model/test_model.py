"""The object model as a library: what is lazy, frozen, typed and named."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import cosem.model
import cosem.model.types
from cosem.core.access import MethodCall, ReadOnly, ReadWrite
from cosem.core.data import Data
from cosem.core.errors import EncodeError
from cosem.core.obis import LogicalName
from cosem.model import (
    CATALOGUE,
    ClockV0,
    DisconnectControlV0,
    ProfileGenericV1,
    Register,
    RegisterV0,
)
from cosem.model.c0070_disconnect_control import ControlState
from cosem.model.types import (
    AttributeAccessItemV0,
    AttributeAccessModeV0,
    CaptureObject,
    ClockStatus,
    Conformance,
    EntryDescriptor,
    ScalerUnit,
    Unit,
)
from cosem.model.types.access import ATTRIBUTE_ACCESS_ITEM_V0
from cosem.model.types.bits import CONFORMANCE

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogue_has_each_class_under_its_own_numbers() -> None:
    assert len(CATALOGUE) > 50
    for (class_id, version), cls in CATALOGUE.items():
        assert (class_id, version) == (cls.CLASS_ID, cls.VERSION)
        assert cls.__name__ in cosem.model.__all__


def test_the_catalogue_tells_which_versions_are_known() -> None:
    assert CATALOGUE.versions(7) == [0, 1]
    assert (7, 9) not in CATALOGUE
    with pytest.raises(KeyError):
        CATALOGUE[7, 9]


@pytest.mark.parametrize("package", [cosem.model, cosem.model.types], ids=lambda package: package.__name__)
def test_every_exported_name_can_be_imported(package: ModuleType) -> None:
    names: list[str] = package.__all__
    assert {name for name in names if not hasattr(package, name)} == set()
    assert set(names) <= set(dir(package))


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Registre"):
        _ = importlib.import_module("cosem.model").Registre


def test_the_plain_name_is_the_newest_version() -> None:
    assert Register is RegisterV0
    for class_id in {key[0] for key in CATALOGUE}:
        newest = CATALOGUE[class_id, CATALOGUE.versions(class_id)[-1]]
        assert getattr(cosem.model, newest.__name__.removesuffix(f"V{newest.VERSION}")) is newest


def test_importing_one_class_does_not_import_the_others() -> None:
    code = (
        "import sys; from cosem.model import Register; "
        "print(sorted(name for name in sys.modules if name.startswith('cosem.model.c')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "['cosem.model.c0003_register']"


def test_importing_the_model_needs_no_third_party_library() -> None:
    code = (
        "import sys; from cosem.model import Register; "
        "print({'jinja2', 'lark', 'yaml', 'black', 'numpy', 'cryptography'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("code", ["from cosem.model import Register", "from cosem.obis import electricity"])
def test_describing_an_object_takes_no_dataclasses_no_calendar_and_no_decoder_of_rows(code: str) -> None:
    unused = (
        "{'dataclasses', 'inspect', 'datetime', 'cosem.core.rows', 'cosem.core.tolerant', 'cosem.core.alike'}"
    )
    code = f"import sys; {code}; print({unused} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"


def test_an_attribute_is_a_reference_that_knows_owner_index_and_codec() -> None:
    register = RegisterV0("1.0.1.8.0.255")
    assert register.scaler_unit == ReadWrite(register, 3, register.ATTRIBUTES[3].codec)
    assert str(register.scaler_unit) == "1.0.1.8.0.255 Register scaler_unit"


def test_objects_are_frozen_and_equal_by_class_and_logical_name() -> None:
    register = RegisterV0("1.0.1.8.0.255")
    with pytest.raises(AttributeError):
        register.logical_name = LogicalName("1.0.2.8.0.255")
    assert register == RegisterV0(LogicalName("1-0:1.8.0"))
    assert register != ClockV0("1.0.1.8.0.255")


def test_every_property_and_method_is_in_the_tables() -> None:
    for cls in CATALOGUE.values():
        thing = cls("0.0.1.0.0.255")
        for index, attribute in cls.ATTRIBUTES.items():
            if index == 1:
                continue
            reference = getattr(thing, attribute.name, None) or getattr(thing, f"{attribute.name}_")
            assert isinstance(reference, ReadOnly)
            assert (reference.index, reference.codec) == (index, attribute.codec)
            assert isinstance(reference, ReadWrite) == attribute.writable
        for index, method in cls.METHODS.items():
            call = getattr(thing, method.name, None) or getattr(thing, f"{method.name}_")
            if method.takes is None or method.takes.notation == "integer":
                invoked = call()
                assert isinstance(invoked, MethodCall)
                assert invoked.index == index


def test_a_method_that_takes_an_integer_sends_zero_by_default() -> None:
    assert RegisterV0("1.0.1.8.0.255").reset().parameters == Data.integer(0)
    assert ClockV0("0.0.1.0.0.255").shift_time(-5).parameters == Data.long(-5)


def test_a_structure_is_encoded_in_one_run() -> None:
    codec = RegisterV0("1.0.1.8.0.255").scaler_unit.codec
    assert codec.encode(ScalerUnit(-3, Unit.ACTIVE_ENERGY)) == bytes.fromhex("02020ffd161e")
    assert codec.decode(bytes.fromhex("02020ffd161e")) == ScalerUnit(-3, Unit.ACTIVE_ENERGY)


def test_selective_access_gives_a_reference_with_its_selection() -> None:
    profile = ProfileGenericV1("1.0.99.1.0.255")
    part = profile.buffer.by_entry(EntryDescriptor(1, 0, 1, 0))
    assert part.selection is not None
    assert part.selection.selector == 2
    assert part.selection.parameters.octets == bytes.fromhex("0204060000000106000000001200011200 00")
    assert (part.owner, part.index, part.codec) == (profile, 2, profile.buffer.codec)


def test_a_number_that_no_table_knows_stays_in_an_enumeration() -> None:
    codec = DisconnectControlV0("0.0.96.3.10.255").control_state.codec
    state = codec.decode(b"\x16\x63")
    assert (int(state), state.known, codec.encode(state)) == (0x63, False, b"\x16\x63")
    assert ControlState.CONNECTED.known


def test_bits_of_an_unsigned_count_from_the_least_significant_one() -> None:
    status = ClockV0("0.0.1.0.0.255").status.codec.decode(b"\x11\x81")
    assert isinstance(status, ClockStatus)
    assert status == ClockStatus.INVALID_VALUE | ClockStatus.DAYLIGHT_SAVING_ACTIVE


def test_bits_of_a_bit_string_count_from_the_first_one_on_the_wire() -> None:
    assert CONFORMANCE.decode(bytes.fromhex("0418 40001d")) == Conformance(
        Conformance.GENERAL_PROTECTION | Conformance.GET | Conformance.SET | Conformance.SELECTIVE_ACCESS
        | Conformance.ACTION
    )  # fmt: skip


def test_units_print_their_symbol() -> None:
    assert (Unit.ACTIVE_ENERGY.symbol, Unit(200).symbol) == ("Wh", "")


def test_a_logical_name_of_the_wrong_length_is_not_written() -> None:
    codec = ProfileGenericV1("1.0.99.1.0.255").capture_objects.codec
    short = CaptureObject(3, LogicalName("1.0.1.8.0.255"), 2, 0)
    object.__setattr__(short, "logical_name", b"\x01\x00")
    with pytest.raises(EncodeError):
        codec.encode([short])


def test_a_class_spread_over_modules_is_whole_in_the_module_of_its_id() -> None:
    spread = [cls for cls in CATALOGUE.values() if cls.__module__.endswith(f"_v{cls.VERSION}")]
    assert spread
    for cls in spread:
        whole = importlib.import_module(cls.__module__.rpartition("_v")[0])
        assert getattr(whole, cls.__name__) is cls


def test_no_generated_module_is_longer_than_five_hundred_lines() -> None:
    for path in (ROOT / "generated" / "cosem" / "model").rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 500, path.name


def test_alternatives_are_told_apart_by_their_first_octets() -> None:
    codec = ATTRIBUTE_ACCESS_ITEM_V0
    nothing = AttributeAccessItemV0(2, AttributeAccessModeV0.READ_ONLY, None)
    assert codec.encode(nothing) == bytes.fromhex("0203 0f02 1601 00")
    some = AttributeAccessItemV0(2, AttributeAccessModeV0.READ_ONLY, [1, 2])
    assert codec.encode(some) == bytes.fromhex("0203 0f02 1601 01020f010f02")
    assert [codec.decode(codec.encode(item)) for item in (nothing, some)] == [nothing, some]
