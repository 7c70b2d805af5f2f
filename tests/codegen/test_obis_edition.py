"""OBIS codes of one edition: objects come and go with ``since`` and ``until``, constants with their objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosem.codegen.errors import Mistakes, Span, SpecError
from cosem.codegen.ir.life import Edition
from cosem.codegen.ir.obis import ObisModel
from cosem.codegen.load.editions import load_editions
from cosem.codegen.load.obis import load_obis
from cosem.codegen.passes.editions import BLUE, Choice
from cosem.codegen.passes.obis_edition import obis_at_edition
from cosem.codegen.passes.validate_lives import check_lives, obis_lives
from cosem.codegen.pipeline import load_spec
from cosem.codegen.specdir import find_spec

GROUPS = """\
ref: clause 5
tables:
  billing_period: {entries: {0-255: ""}}
  channel: {entries: {0-255: ""}}
first: []
last:
  - title: rest
    objects:
      - {code: 0-255.0-255.0-255.0-255.0-255.0-255, name: "C {c}"}
"""

ONE = """\
medium: 1
module: one
tables:
  kind: {entries: {0: old kind, 1: {text: new kind, since: bb12}}}
sections:
  - title: Always
    objects:
      - {code: 1.0.1.0.0.255, name: old, constant: OLD}
  - title: Later
    since: bb12
    objects:
      - {code: 1.0.2.0.0.255, name: later, constant: LATER}
      - {code: 1.0.3.0.0.255, name: short-lived, constant: SHORT_LIVED, since: bb11, until: bb13}
    constants: {LATEST: 1.0.4.0.0.255}
  - title: Last
    objects:
      - {code: 1.0.4.0.0.255, name: latest, since: bb14}
      - {code: 1.0.5.0.0.255, name: "kind {e|kind}", constant: KIND}
"""

EDITIONS = tuple(
    Edition(name, book, order, name, None, "high", Span())
    for book, names in (("blue", ("bb10", "bb11", "bb12", "bb13", "bb14")), ("green", ("gb7", "gb8")))
    for order, name in enumerate(names)
)


def model_of(folder: Path, text: str) -> ObisModel:
    (folder / "obis").mkdir()
    (folder / "obis" / "groups.yaml").write_text(GROUPS, "utf-8")
    (folder / "obis" / "one.yaml").write_text(text, "utf-8")
    mistakes = Mistakes()
    loaded = load_obis(folder, mistakes)
    mistakes.check()
    return loaded


def constants_of(obis: ObisModel) -> list[str]:
    return [item.name for file in obis.files for section in file.sections for item in section.constants]


@pytest.mark.parametrize(
    ("edition", "constants"),
    [
        ("bb10", ["OLD", "KIND"]),
        ("bb11", ["OLD", "SHORT_LIVED", "KIND"]),
        ("bb12", ["OLD", "LATER", "SHORT_LIVED", "KIND"]),
        ("bb14", ["OLD", "LATER", "LATEST", "KIND"]),
    ],
)
def test_an_edition_has_the_objects_of_its_time(tmp_path: Path, edition: str, constants: list[str]) -> None:
    kept = obis_at_edition(model_of(tmp_path, ONE), Choice.of(EDITIONS, [edition]))
    assert constants_of(kept) == constants


def test_a_code_that_an_edition_does_not_know_falls_to_the_rest(tmp_path: Path) -> None:
    obis = model_of(tmp_path, ONE)
    for edition, words in (("bb11", "C 2"), ("bb12", "later")):
        found = obis_at_edition(obis, Choice.of(EDITIONS, [edition])).describe((1, 0, 2, 0, 0, 255))
        assert found is not None
        assert found[0] == words


def test_an_entry_of_a_table_comes_with_its_edition(tmp_path: Path) -> None:
    obis = model_of(tmp_path, ONE.replace("code: 1.0.5.0.0.255", "code: 1.0.5.0.0-1.255"))
    for edition, words in (("bb11", "kind E 1"), ("bb12", "kind new kind")):
        found = obis_at_edition(obis, Choice.of(EDITIONS, [edition])).describe((1, 0, 5, 0, 1, 255))
        assert found is not None
        assert found[0] == words


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (ONE.replace("bb14}", "bb44}"), "17:52", "'bb44' is no edition; there are bb10, bb11"),
        (ONE.replace("bb14}", "gb8}"), "17:52", "gb8 is of the green book, this is of the blue one"),
        (ONE.replace("since: bb12}", "since: bb21}"), "4:60", "'bb21' is no edition"),
        (ONE.replace("until: bb13", "until: bb10"), "13:80", "bb10 does not come after bb11"),
        (ONE.replace("    since: bb12", "    since: soon"), "10:12", "'soon' is no edition"),
    ],
)
def test_an_edition_that_does_not_fit_is_reported_at_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    mistakes = Mistakes()
    check_lives(obis_lives(model_of(tmp_path, text)), EDITIONS, BLUE, mistakes)
    assert {str(mistake.span) for mistake in mistakes.found} == {f"obis/one.yaml:{place}"}
    assert says in mistakes.found[0].text


def test_dc_electricity_and_push_are_not_in_editions_before_them() -> None:
    mistakes = Mistakes()
    obis, editions = load_obis(find_spec(), mistakes), load_editions(find_spec() / "editions.yaml", mistakes)
    assert mistakes.found == []
    old, new = (obis_at_edition(obis, Choice.of(editions, [edition])) for edition in ("bb10", "bb17"))
    assert {"PUSH_SETUP", "COMBINED_IDS"} <= set(constants_of(new))
    assert not old.names((2, 0, 99, 1, 0, 255))
    assert {file.name for file in obis.files} - {file.name for file in old.files} == {"dc_electricity"}
    assert new.names((2, 0, 99, 1, 0, 255))
    assert "PUSH_SETUP" not in constants_of(old)
    assert len(constants_of(new)) == len(constants_of(obis)) > len(constants_of(old))


def test_a_spec_is_loaded_at_an_edition_with_its_codes(tmp_path: Path) -> None:
    model_of(tmp_path, ONE)
    for folder in ("classes", "types"):
        (tmp_path / folder).mkdir()
    (tmp_path / "editions.yaml").write_text((find_spec() / "editions.yaml").read_text("utf-8"), "utf-8")
    obis = load_spec(tmp_path, "bb10").obis
    assert obis is not None
    assert constants_of(obis) == ["OLD", "KIND"]
    broken = (tmp_path / "obis" / "one.yaml").read_text("utf-8").replace("bb12", "bb1")
    (tmp_path / "obis" / "one.yaml").write_text(broken, "utf-8")
    with pytest.raises(SpecError, match="'bb1' is no edition"):
        load_spec(tmp_path)
