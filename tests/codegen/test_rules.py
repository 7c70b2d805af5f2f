"""Mistakes in the object model: all of them at once, each at its place, with the id of its rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosem.codegen.errors import Mistakes
from cosem.codegen.passes.rules import RULES
from cosem.codegen.passes.validate import validate
from cosem.codegen.pipeline import load_model

HEAD = "class: {id: 900, name: Thing}\n"
EDITIONS = """\
books:
  blue:
    title: Blue Book
    editions: {bb12: {title: Edition 12}, bb13: {title: Edition 13}}
"""


def mistakes_in(folder: Path, **files: str) -> list[str]:
    """What is wrong with class file 0900_thing.yaml (``thing``), and with other files by their stem."""
    (folder / "classes").mkdir(exist_ok=True)
    (folder / "types").mkdir(exist_ok=True)
    (folder / "editions.yaml").write_text(EDITIONS, "utf-8")
    for stem, text in files.items():
        name = "0900_thing" if stem == "thing" else stem
        path = folder / ("types" if stem.startswith("shared") else "classes") / f"{name.lstrip('_')}.yaml"
        path.write_text(text, "utf-8")
    mistakes = Mistakes()
    validate(load_model(folder, mistakes), mistakes)
    return sorted(map(str, mistakes.found))


def one_class(rows: str, types: str = "") -> str:
    text = f"{HEAD}versions:\n  0:\n    ref: XX 1\n    attributes: {rows}\n"
    return text + (f"types: {types}\n" if types else "")


def test_a_file_without_mistakes_has_none(tmp_path: Path) -> None:
    assert mistakes_in(tmp_path, thing=one_class("{2: {name: value, type: data}}")) == []


@pytest.mark.parametrize(
    ("rows", "types", "text"),
    [
        ("{2: {name: value, type: ^Nowhere}}", "", "M009: no type is called Nowhere"),
        ("{2: {name: value, type: array<^Lok>}}", "{Lok1: {enum: {0: a}}}", "did you mean Lok1?"),
        ("{^1: {name: name, type: data}}", "", "M004"),
        ("{^200: {name: value, type: data}}", "", "M005"),
        ("{^2: {name: Value, type: data}}", "", "M006: 'Value' is not in snake_case"),
        ("{2: {name: a, type: data}, ^3: {name: a, type: data}}", "", "M007"),
        ("{2: {name: a, type: ^E}}", "{E: {enum: {0: a}}}", "M010: E is an enumeration; write 'enum E'"),
        ("{2: {name: a, type: data}}", "{^E: {enum: {0: a}}}", "M011: E is defined but not used"),
        ("{2: {name: a, type: E}}", "{^E: {structure: {x: array<E>}}}", "M012: E contains itself"),
        ("{2: {name: a, type: enum E}}", "{E: {enum: {0: a, ^1: a}}}", "M013: a is 0 already"),
        ("{2: {name: a, type: enum E}}", "{E: {enum: {^256: a}}}", "M013: 256 is not from 0 to 255"),
        ("{2: {name: a, type: bits B}}", "{B: {in: unsigned, bits: {^8: a}}}", "M013"),
        ("{2: {name: a, type: bits B}}", "{B: {in: ^octet-string, bits: {0: a}}}", "carries no bits"),
        ("{2: {name: a, type: '^choice{data, data}'}}", "", "M014"),
        ("{2: {name: a, type: data, selectors: {^0: {name: b, type: data}}}}", "", "M015"),
        ("{2: {name: a, type: data, since: ^bb99}}", "", "M003: 'bb99' is no edition"),
        ("{2: {name: a, type: data, since: ^bb13, until: bb12}}", "", "M003: bb12 does not come after bb13"),
        (
            "{2: {name: a, type: data, selectors: {2: {name: b, type: data, until: ^bb1}}}}",
            "",
            "M003: 'bb1' is no",
        ),
        (
            "{2: {name: a, type: enum E}}",
            "{E: {enum: {0: {name: a, since: ^bb1}}}}",
            "M003: 'bb1' is no edition",
        ),
        ("{2: {name: a, type: bits B}}", "{B: {in: unsigned, bits: {0: {name: a, since: ^bb1}}}}", "M003"),
        ("{2: {name: a, type: S}}", "{S: {structure: {x: {type: data, until: ^bb1}}}}", "M003: 'bb1' is no"),
        ("{2: {name: a, type: S}}", "{S: {structure: {x: ^{since: bb12}}}}", "field x needs 'type'"),
        ("{2: {name: a, type: enum E}}", "{^E: {enum: {}}}", "M020: nothing is in E"),
        ("{2: {name: a, type: S}}", "{^S: {structure: {}}}", "M020: nothing is in S"),
        ("{2: {name: a, type: enum E}}", "{E: {enum: {^0: a}, symbols: {0: x}}}", "M017"),
        ("{2: {name: a, type: enum OK}}", "{^OK: {enum: {0: a}}}", "M008: OK has capitals only"),
        ("{2: {name: a, type: Data}}", "{^Data: {structure: {x: data}}}", "M008: Data is taken"),
        ("{2: {name: a, type: Thing}}", "{^Thing: {structure: {x: data}}}", "M008: Thing is the Python name"),
        ("{2: {name: a, type: S}}", "{S: {structure: {^Xx: data}}}", "M006"),
        ("{2: {name: a, type: array<data^}}", "", "expected"),
        ("{2: {name: a, type: ^dta}}", "", "no type is called dta"),
        ("{2: {name: a, type: data, volatile: ^sometimes}}", "", "'sometimes' is no volatile"),
        ("{2: {name: a, type: data, access: ^write}}", "", "'write' is no access"),
        ("{2: {name: a, type: data, confidence: ^sure}}", "", "'sure' is no confidence"),
        ("{2: ^{nam: a, type: data}}", "", "needs 'name'"),
        ("{^two: {name: a, type: data}}", "", "'two' is no index"),
    ],
)
def test_a_mistake_is_found_at_its_place(tmp_path: Path, rows: str, types: str, text: str) -> None:
    marked = one_class(rows, types)
    line = next(number for number, line in enumerate(marked.splitlines(), 1) if "^" in line)
    column = marked.splitlines()[line - 1].index("^") + 1
    found = mistakes_in(tmp_path, thing=marked.replace("^", ""))
    place = f"classes/0900_thing.yaml:{line}:{column}: "
    assert any(mistake.startswith(place) and text in mistake for mistake in found), (place, found)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    rows = "{1: {name: Name, type: Nowhere}, 3: {name: b, type: array<data, colour: red}}"
    found = mistakes_in(tmp_path, thing=one_class(rows), _901_thing="class: {id: 901}\n")
    assert len(found) >= 6
    assert {mistake.split(":")[0] for mistake in found} == {
        "classes/0900_thing.yaml",
        "classes/901_thing.yaml",
    }


def test_the_file_name_and_the_class_id_agree(tmp_path: Path) -> None:
    text = one_class("{2: {name: a, type: data}}").replace("900", "901")
    assert "does not fit the file name" in mistakes_in(tmp_path, thing=text)[0]


def test_a_version_extends_one_that_stands_before_it(tmp_path: Path) -> None:
    text = one_class("{2: {name: a, type: data}}") + "  1: {extends: 3, ref: XX 2, remove_methods: [7]}\n"
    found = mistakes_in(tmp_path, thing=text)
    assert [mistake.split(": ", 1)[1] for mistake in found] == [
        "version 3 is not known here; there are 0",
        "method 7 cannot be removed: the extended version has none",
    ]


def test_a_type_of_another_class_must_be_shared_first(tmp_path: Path) -> None:
    other = one_class("{2: {name: a, type: enum Kind}}", "{Kind: {enum: {0: a}}}").replace("900", "901")
    found = mistakes_in(
        tmp_path,
        thing=one_class("{2: {name: a, type: enum Kind}}"),
        _0901_other=other.replace("Thing", "Other"),
    )
    assert len(found) == 1
    assert "M009: Kind belongs to classes/0901_other.yaml; move it to spec/types to share it" in found[0]


def test_a_class_type_may_not_be_called_as_a_shared_one(tmp_path: Path) -> None:
    found = mistakes_in(
        tmp_path,
        thing=one_class("{2: {name: a, type: enum E}}", "{E: {enum: {0: a}}}"),
        shared="types: {E: {enum: {0: a}}}\n",
    )
    assert any("M008: E is shared already, in types/shared.yaml" in mistake for mistake in found)


def test_files_of_shared_types_do_not_use_each_other_in_a_ring(tmp_path: Path) -> None:
    found = mistakes_in(
        tmp_path,
        thing=one_class("{2: {name: a, type: A1}, 3: {name: b, type: B1}}"),
        shared_a="types: {A1: {structure: {x: B2}}, A2: {structure: {x: data}}}\n",
        shared_b="types: {B1: {structure: {x: A2}}, B2: {structure: {x: data}}}\n",
    )
    assert [mistake for mistake in found if "M018" in mistake]


def test_every_rule_says_what_holds_and_why() -> None:
    assert list(RULES) == [f"M{number:03}" for number in range(1, len(RULES) + 1)]
    assert all(what and why for what, why in RULES.values())
