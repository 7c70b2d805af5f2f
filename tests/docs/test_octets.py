"""Messages explained octet by octet."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.docs.pages import ROOT, examples, pages, spec, words

from cosem.apdu import decode_pdu
from cosem.apdu.gateway import decode_gateway_pdu
from cosem.codegen.emit.docs_messages import messages_of
from cosem.codegen.emit.docs_octets import Part, annotate

APDU = spec().apdu
assert APDU is not None
DEFINITIONS = APDU.definitions
MESSAGES = messages_of(APDU)
VECTORS = yaml.safe_load((ROOT / "tests/vectors/apdus.yaml").read_text("utf-8"))


def parts(octets: bytes) -> list[Part]:
    return annotate(octets, DEFINITIONS, words())


def says(octets: bytes) -> dict[str, str]:
    return {part.name: part.says for part in parts(octets)}


def test_every_message_has_an_example() -> None:
    assert set(examples()) == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_examples_are_the_messages_that_they_stand_for(name: str) -> None:
    octets = examples()[name].octets
    pdu = decode_gateway_pdu(octets) if name.startswith("Gateway") else decode_pdu(octets)
    assert type(pdu).__name__.lower() == name.replace("-", "").lower()
    assert pdu.encode() == octets


@pytest.mark.parametrize("name", MESSAGES)
def test_parts_of_an_example_are_its_octets_in_their_order(name: str) -> None:
    octets = examples()[name].octets
    found = parts(octets)
    assert b"".join(part.octets for part in found) == octets
    assert [part.offset for part in found] == sorted(part.offset for part in found)
    page = next(
        text
        for path, text in pages().items()
        if path.startswith("reference/messages/") and f"## {name} " in text
    )
    own = page.partition(f"## {name} ")[2].partition("\n## ")[0]
    assert f'<span class="octets">{found[-1].octets.hex(" ").upper()}</span>' in own


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_published_messages_are_taken_apart_without_a_rest(vector: dict[str, str]) -> None:
    octets = bytes.fromhex(vector["octets"])
    assert b"".join(part.octets for part in parts(octets)) == octets


def test_fields_say_what_the_octets_mean() -> None:
    said = says(examples()["Get-Request-Normal"].octets)
    assert said["class-id"] == "8: Clock"
    assert said["instance-id"] == "0.0.1.0.0.255, clock"
    assert said["access-selection"] == "absent"
    said = says(examples()["Get-Response-Normal"].octets)
    assert said["data"] == "octet-string, 12 octets: 2026-03-29 01:30:00, +60 min from UTC"


def test_what_is_inside_a_message_is_explained_too() -> None:
    said = says(examples()["AARQ"].octets)
    assert said["proposed-conformance"].endswith("get, set, selective-access, event-notification, action")
    assert said["client-max-receive-pdu-size"] == "1200"


def test_ciphered_content_shows_header_and_tag() -> None:
    said = says(examples()["Glo-Ciphered"].octets)
    assert said["security control"] == "suite 0, authenticated, encrypted"
    assert said["invocation counter"] == str(0x01234567)
    assert said["authentication tag"] == "12 octets"


def test_a_field_with_a_condition_is_there_only_when_that_is_met() -> None:
    assert "invocation-counter" in says(bytes.fromhex("D8020600001234"))
    assert "invocation-counter" not in says(bytes.fromhex("D80101"))


@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_a_message_cut_short_is_refused(name: str, data: st.DataObject) -> None:
    octets = examples()[name].octets
    with pytest.raises(ValueError, match="octet"):
        parts(octets[: data.draw(st.integers(0, len(octets) - 1))])


@given(st.sampled_from(sorted(MESSAGES)), st.integers(0, 100), st.integers(0, 255))
def test_damaged_octets_are_explained_or_refused(name: str, at: int, octet: int) -> None:
    damaged = bytearray(examples()[name].octets)
    damaged[at % len(damaged)] = octet
    try:
        found = parts(bytes(damaged))
    except ValueError:
        return
    assert b"".join(part.octets for part in found) == damaged


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(ValueError, match="deeper"):
        parts(bytes.fromhex("0F0000000100") + b"\x01\x01" * 5000 + b"\x00")
