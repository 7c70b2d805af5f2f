"""Every kind of element is compared: what its coming, going and changing means, and where it stands."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.codegen.small_spec import edit, write_spec

from cosem.codegen.cli import main
from cosem.codegen.diff import Difference, compare, load_states
from cosem.codegen.errors import SpecError

THING, LATE = "classes/0900_thing.yaml", "classes/0901_late.yaml"
ROW, PDU, MAKER = "obis/one.yaml", "apdu/messages.asn", "overlays/maker.yaml"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return write_spec(tmp_path / "spec")


def edited(spec: Path, file: str, old: str, new: str) -> list[Difference]:
    """What changes when ``old`` is replaced in a file."""
    before = Path(shutil.copytree(spec, spec.parent / "before"))
    edit(spec, file, old, new)
    return compare(*load_states(str(before), str(spec), spec))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        # classes and types
        (THING, "name: Thing", "name: Object", "changed   class 900: name: Thing → Object"),
        (THING, "2: {name: some, type: data, since: bb14}", "3: {name: some, type: data, since: bb14}",
         "breaking  class 900 version 0 attribute 4 selector 2: is gone"),
        (LATE, "0: plus", "0: plus, 1: minus", "additive  class 901 type Signs member 1: is new"),
        (LATE, "Signs: {in: unsigned", "Signs: {in: long-unsigned",
         "breaking  class 901 type Signs: carrier: unsigned(8) → long-unsigned(16)"),
        (THING, "255: {name: count", "254: {name: count", "breaking  class 900 type Unit member 255: is gone"),
        (THING, "symbols: {27: W}", "symbols: {27: kW}", "changed   class 900 type Unit member 27: symbol: W → kW"),
        (THING, "at: DateTime", "at: Date", "breaking  class 900 type Row element 1: type: DateTime → Date"),
        (THING, "doc: What it is.}}}", "doc: What it is.}, more: data}}",
         "breaking  class 900 type Row element 3: is new"),
        (THING, "1: {name: reset, takes: integer}", "1: {name: reset, takes: integer, optional: false}",
         "additive  class 900 version 0 method 1: presence: optional → mandatory"),
        # OBIS
        (ROW, "classes: [1, 3]", "classes: [1, 3, 4]", "additive  obis one 1.b.1.0.0-1.255: classes: 1, 3 → 1, 3, 4"),
        (ROW, "classes: [1, 3]", "classes: [3]", "changed   obis one 1.b.1.0.0-1.255: classes: 1, 3 → 3"),
        (ROW, "1.b.2.0.0.255, name: late, constant: LATE", "1.b.3.0.0.255, name: late, constant: LATE",
         "breaking  constant one.LATE: code: 1.0.2.0.0.255 → 1.0.3.0.0.255"),
        (ROW, "0: old kind", "0: a kind", "changed   obis one table kind numbers 0: wording: old kind → a kind"),
        (ROW, "1: {text: new kind, since: bb13}", "1: new kind, 2: third",
         "additive  obis one table kind numbers 2: is new"),
        (ROW, "0: old kind, ", "", "changed   obis one table kind numbers 0: is gone"),
        ("obis/groups.yaml", "b: 0-64", "b: 0-65", "additive  obis first set b: numbers: 0-64 → 0-65"),
        ("obis/groups.yaml", "b: 0-64", "b: 1-64", "breaking  obis first set b: numbers: 0-64 → 1-64"),
        # messages
        ("apdu/pdu.asn", "two [2]", "two [3]", "breaking  apdu Cosem-Pdu two: tag: 2 → 3"),
        (PDU, "kind Kind,", "kind Kind,\n extra Unsigned8,", "breaking  apdu One extra: is new"),
        (PDU, "kind Kind,", "kind Kind,\n extra Unsigned8 OPTIONAL,", "breaking  apdu One extra: is new"),
        (PDU, "new Unsigned16", "new Unsigned16 OPTIONAL", "breaking  apdu One new: presence: required → optional"),
        (PDU, "new Unsigned16", "new Unsigned16 SECRET", "changed   apdu One new: logged: none → never"),
        (PDU, "a (0),", "a (0), c (2),", "additive  apdu Kind number 2: is new"),
        (PDU, "x (0)", "y (0)", "changed   apdu Flags number 0: name: x → y"),
        (PDU, "One ::= SEQUENCE", "One ::= TAGGED SEQUENCE", "breaking  apdu One: first octet: none → of the value"),
        (PDU, "Flags ::= BIT", "Flags ::= BER BIT", "breaking  apdu Flags: encoding: A-XDR → BER"),
        (PDU, "(SIZE 8)", "(SIZE 16)", "breaking  apdu Flags: type: BIT STRING (8) → BIT STRING (16)"),
        # overlays
        (MAKER, "obis: 1.0.1.0.0.255\n", "obis: 1.0.1.0.1.255\n",
         "breaking  device maker object thing: code: 1.0.1.0.0.255 → 1.0.1.0.1.255"),
        (MAKER, "version: 0\n", "version: 0\n    presence: optional\n",
         "breaking  device maker object thing: presence: mandatory → optional"),
        (MAKER, 'fixed: "0"', 'fixed: "2"', "breaking  device maker object thing attribute 2: fixed: 0 → 2"),
        (MAKER, "all: r,", "all: rw,", "additive  device maker object thing access of public: all: r → rw"),
        (MAKER, "{2: rw}", "{2: r}", "breaking  device maker object thing access of public: attribute 2: rw → r"),
        (MAKER, "methods: [1]", "methods: [1, 2]",
         "additive  device maker object thing access of public: methods: 1 → 1, 2"),
        (MAKER, "client: 16", "client: 17", "breaking  device maker association public: client: 16 → 17"),
        (MAKER, "  public: {client: 16}", "  public: {client: 16}\n  other: {client: 1}",
         "additive  device maker association other: is new"),
        (MAKER, "count: 2", "count: 3", "breaking  device maker push list_1: count: 2 → 3"),
        (MAKER, "class: 900}", "class: 900, scaler: 1}",
         "breaking  device maker push list_1 position 2: scaler: none → 1"),
        (MAKER, "start: hdlc", "start: wrapper", "changed   device maker link start: value: 'hdlc' → 'wrapper'"),
        (MAKER, "quirks: {no_rlrq: manual p. 1}\n", "", "changed   device maker quirk no_rlrq: is gone"),
        (MAKER, "{flag: MKR}", "{flag: MKR}, {flag: MKS}", "additive  device maker match MKS: is new"),
    ],
)  # fmt: skip
def test_each_kind_of_element_is_weighed(spec: Path, file: str, old: str, new: str, says: str) -> None:
    found = edited(spec, file, old, new)
    severity, _, what = says.partition("  ")
    matching = [each for each in found if str(each).endswith(f": {what.strip()}")]
    assert [each.severity.name.lower() for each in matching] == [severity], list(map(str, found))
    assert matching[0].span.file == file
    lines = (spec / file).read_text("utf-8").splitlines()
    assert 1 <= matching[0].span.line <= len(lines)


def test_an_overlay_that_narrows_a_type_breaks(spec: Path) -> None:
    edit(spec, MAKER, "fixed", "type: enum State, fixed")
    found = edited(spec, MAKER, '{2: {type: enum State, fixed: "0"}}', "{4: {type: data, reason: other}}")
    assert {each.severity.name for each in found} == {"BREAKING"}


def test_editions_differ_in_messages_and_codes_too(spec: Path) -> None:
    found = {str(each) for each in compare(*load_states("bb12+gb8", "bb14+gb9", spec))}
    for says in (
        "additive  apdu/pdu.asn:5: apdu Cosem-Pdu two: is new",
        "breaking  apdu/messages.asn:5: apdu One old: is gone",
        "breaking  apdu/messages.asn:7: apdu One new: is new",
        "additive  apdu/messages.asn:9: apdu One when-b: is new",  # behind a number that is new, too
        "additive  obis/one.yaml:9: obis one 1.b.2.0.0.255: is new",
        "additive  obis/one.yaml:4: obis one table kind numbers 1: is new",
        "additive  classes/0901_late.yaml:1: class 901: is new",
    ):
        assert says in found, sorted(found)


def test_an_edition_stands_for_the_books_alone(spec: Path) -> None:
    assert compare(*load_states("bb14", str(spec), spec)) == []
    edit(spec, THING, "    since: bb13\n    extends: 0", "    extends: 0")
    assert [str(each) for each in compare(*load_states("bb12", "bb13", spec)) if "version" in str(each)] == [
        "additive  classes/0900_thing.yaml:14: class 900 version 0 method 2: is new",
        "additive  classes/0900_thing.yaml:14: class 900 version 1 method 2: is new",
    ]


def test_an_edition_of_a_revision_shows_what_an_edit_moved_in_the_past(spec: Path) -> None:
    git = ["git", "-C", str(spec.parent), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], check=True, timeout=30)
    edit(spec, THING, "1: {name: busy, until: bb12}", "1: {name: busy, until: bb13}")
    assert compare(*load_states("bb12@HEAD", "bb12", spec)) == []
    assert [str(each) for each in compare(*load_states("bb13@HEAD", "bb13", spec))] == [
        "additive  classes/0900_thing.yaml:21: class 900 type State member 1: is new"
    ]
    assert compare(*load_states("HEAD", "bb14", spec)) == []


def test_a_revision_is_compared_whatever_the_rules_of_today_say_of_it(spec: Path) -> None:
    edit(spec, THING, "    since: bb13\n    extends: 0", "    extends: 0")
    edit(spec, THING, "ref: XX 1\n", "ref: XX 1\n    since: bb13\n")
    git = ["git", "-C", str(spec.parent), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], check=True, timeout=30)
    with pytest.raises(SpecError, match="M021"):
        load_states(str(spec), str(spec), spec)
    edit(spec, THING, "ref: XX 1\n    since: bb13\n", "ref: XX 1\n")
    assert compare(*load_states("HEAD", str(spec), spec)) == []


def test_an_overlay_is_compared_on_an_edition(spec: Path, tmp_path: Path) -> None:
    shutil.move(spec / "overlays" / "maker.yaml", tmp_path / "maker.yaml")
    overlay = str(tmp_path / "maker.yaml")
    found = {each.element for each in compare(*load_states(f"bb12@{overlay}", f"bb14@{overlay}", spec))}
    assert "class 901" in found
    assert not any(element.startswith("object") for element in found)


def test_the_json_has_a_row_for_each_difference(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "bb12+gb8", "bb14+gb9", "--json", "--spec", str(spec)]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"severity", "element", "fact", "before", "after", "file", "line"} == set(rows[0])
    assert {row["severity"] for row in rows} == {"breaking", "additive"}
    assert {row["file"] for row in rows} == {
        THING,
        ROW,
        PDU,
        "apdu/pdu.asn",
        "classes/0901_late.yaml",
        "types/late.yaml",
    }
