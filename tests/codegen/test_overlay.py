"""Overlays: what they may say, what is refused and where, and that every fact keeps its origin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cosem.codegen.errors import SpecError
from cosem.codegen.ir.model import EnumDef, InterfaceClass
from cosem.codegen.ir.overlay import DeviceModel
from cosem.codegen.project import load_project

SPEC = Path(__file__).parent / "golden_device" / "spec"
HEAD = """\
overlay: {name: mine, title: Mine, from: manual}
sources: {manual: {title: Manual}}
"""
LOG = (
    "objects: {{a: {{obis: 0.0.1.0.0.255, class: 903, version: 0}}, "
    "log: {{obis: 0.b.99.1.0.255, class: 906, version: 0, columns: [{}]}}}}"
)
"""An object list in which a log captures something of ``a``."""


def device(folder: Path, *texts: str) -> DeviceModel:
    """What overlays ``texts`` (named a, b, …) make of the tiny spec."""
    files: list[Path] = []
    for name, text in zip("abc", texts, strict=False):
        files.append(folder / f"{name}.yaml")
        files[-1].write_text(text, "utf-8")
    return load_project(SPEC, files)[1]


def mistakes_in(folder: Path, *texts: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        device(folder, *texts)
    return [str(mistake).removeprefix(f"{folder.resolve().as_posix()}/") for mistake in caught.value.mistakes]


def clerk(found: DeviceModel) -> InterfaceClass:
    return next(cls for cls in found.model.classes if cls.id == 903)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "set: [{class: 903, version: 0, attributes: {2: {access: read-only}}, from: ^book}]",
            "'book' is no source",
        ),
        ("^colour: red", "an overlay has no 'colour'"),
        (
            "set: [{class: 903, version: 0, attributes: {^9: {doc: x}}}]",
            "has no attribute 9; there are 2 value",
        ),
        ("set: [{class: 903, version: 7, attributes: {^2: {doc: x}}}]", "class 903 has no version 7"),
        ("set: [{class: 904, version: 0, attributes: {^2: {doc: x}}}]", "there is no class 904"),
        ("set: [{class: 903, version: 0, attributes: {^3: {type: data}}}]", "the type is no narrower one"),
        ("set: [{class: 903, version: 0, attributes: {^5: {access: read-write}}}]", "a read-only attribute"),
        ("set: [{class: 903, version: 0, attributes: {^2: {name: price}}}]", "value is called price"),
        (
            "set: [{class: 903, version: 0, methods: {^2: {optional: true}}}]",
            "a mandatory method is optional",
        ),
        ("remove: [{class: 903, version: 0, attributes: [^2]}]", "every device has attribute 2, value"),
        ("remove: [{class: 903, version: 0, methods: [^2]}]", "every device has method 2, work"),
        ("remove: [{class: 903, version: 0, methods: [^5]}]", "has no method 5"),
        ("remove: [{type: Mood, class: 903, members: [^5]}]", "there is no member 5 of Mood"),
        ("remove: [{object: ^lamp}]", "no extended overlay states object lamp"),
        ("add_class: [{class: ^{id: 903, name: Boss}, versions: {0: {}}}]", "class 903 exists: Clerk"),
        (
            "add_class: [{class: ^{id: 905, name: Boss}, versions: {0: {}}}]",
            "class id 905 belongs to the books",
        ),
        (
            "add_attribute: [{class: 903, version: 0, attributes: {^2: {name: a, type: data}}}]",
            "exists: value",
        ),
        (
            "add_attribute: [{class: 903, version: 0, attributes: {^9: {name: a, type: data}}}]",
            "index 9 belongs",
        ),
        ("add_attribute: [{class: 903, version: 0, attributes: {^-1: {name: mood, type: data}}}]", "M007"),
        ("add_attribute: [{class: 903, version: 0, attributes: {-1: {name: a, type: ^Lok}}}]", "M009"),
        ("add_method: [{class: 903, version: 0, methods: {^3: {name: a}}}]", "index 3 belongs to the books"),
        (
            "add_enum_member: [{type: Mood, members: {^5: sad}}]",
            "no shared type with members; write 'class: 903'",
        ),
        ("add_enum_member: [{type: Mood, class: 903, members: {^1: sad}}]", "exists: busy"),
        ("types: {^Spare: {enum: {0: a}}}", "M011: Spare is defined but nothing uses it"),
        ("objects: {^a: {obis: 0.0.1.0.0.255, class: 904, version: 0}}", "there is no class 904"),
        ("objects: {^a: {obis: 0.0.1.0.0.255, class: 903, version: 5}}", "there is no class 903 version 5"),
        ("objects: {a: {obis: ^0.0.1.0.255, class: 903, version: 0}}", "has 5 groups"),
        (
            "objects: {a: {obis: ^0.e.1.0.0.255, class: 903, version: 0}}",
            "'e' stands for group E; here it is 'b'",
        ),
        ("objects: {a: {obis: 0.0.1.0.^0-300.255, class: 903, version: 0}}", "leaves 0 to 255"),
        (
            "objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {^9: {}}}}",
            "no attribute 9",
        ),
        (
            "objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {^3: {type: boolean}}}}",
            "the type of mood is no narrower one",
        ),
        (
            "objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {^2: {scaler: 0}}}}",
            "value holds no scaler and unit",
        ),
        (
            "objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {^5: {unit: sh}}}}",
            "'sh' is no unit, or more than one",
        ),
        (
            "objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {^2: {fixed: 5}}}}",
            "'5' is no value of value",
        ),
        (
            "objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 0, access: {^nobody: r}}}",
            "there is no association 'nobody'",
        ),
        (
            "objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 0}, "
            "^b: {obis: 0.0.1.0.0.255, class: 903, version: 1}}",
            "b is a at",
        ),
        (LOG.format("^0.0.1.0.0.255 9"), "a has no attribute 9; there are logical_name, value,"),
        (LOG.format("^0.0.2.0.0.255"), "0.0.2.0.0.255 is captured and not in the object list"),
        (LOG.format("^0.0.1.0.e.255"), "group E is one number, or e where log leaves it open"),
        (LOG.format("^0.0.1.0.0.255 value x"), "is no column; write"),
        (
            "objects: {^a: {obis: 0.0.1.0.0.255, class: 903, version: 0, columns: [0.0.1.0.0.255]}}",
            "a captures nothing: no capture_objects or push_object_list in its class",
        ),
        (
            "objects: {^a: {obis: 0.0.1.0.0.255, class: 903, version: 0, variants: [oak]}}",
            "a: there is no variant 'oak'; there are none yet",
        ),
        ("associations: {a: {client: 1, mechanism: ^psk}}", "'psk' is no mechanism"),
        ("associations: {a: ^{client: 1, suite: 0}}", "a ciphered association has suite 0, 1 or 2"),
        ("associations: {a: {client: 1, policy: [^encrypted]}}", "'encrypted' is no policy"),
        ("associations: {a: {client: 1, security_setup: ^0.0.43.0.1-2.255}}", "more than one logical name"),
        ("push: {a: {match: ^{}, items: []}}", "'match' needs 'count', 'first', 'at' or 'codes'"),
        (
            "push: {a: {match: {count: 1, codes: ^{0.0.42.0.0.255: X}}, items: []}}",
            "'codes' needs a list that is 'coded'",
        ),
        ("push: {a: {match: {codes: {^0.0.42.0-1.0.255: X}}, coded: true}}", "more than one logical name"),
        (
            "push: {^a: {match: {count: 1}, coded: true, described_by: 1}}",
            "'coded' or 'described_by': one of the two",
        ),
        ("push: {^a: {match: {count: 1}, described_by: 0}}", "the number of an element, counted from 1"),
        ("push: {a: {match: {count: 1}, items: [{name: x}, ^{name: y, at: 1}]}}", "position 1 is x already"),
        ("push: {a: {match: {count: 1}, items: [^{name: x, unit: parsec}]}}", "'parsec' is no unit"),
        ("push: {a: {match: {count: 1}, items: []}, ^b: {match: {count: 1}, items: []}}", "b looks like a"),
        ("push: {a: {text: true, match: ^{}}}", "'match' needs 'identification' or 'codes'"),
        (
            "push: {a: {text: true, match: {identification: A}, values: {x: [^value]}}}",
            "x is not in the object list",
        ),
        (
            "push: {a: {text: true, match: {identification: A}, values: {x: [^value word]}}}",
            "write an attribute and one of number, time, octets, text",
        ),
        (
            "push: {a: {text: true, match: {identification: A}, values: {x: [^hat]}}}\n"
            "objects: {x: {obis: 0.0.1.0.0.255, class: 903, version: 0}}",
            "x has no attribute hat; there are",
        ),
        (
            "push: {a: {text: true, match: {identification: A}, values: {x: [mood, ^desk]}}}\n"
            "objects: {x: {obis: 0.0.1.0.0.255, class: 903, version: 0}}",
            "the type of x does not say how desk is written",
        ),
        (
            "push: {a: {text: true, match: {identification: A}}, ^b: {text: true, match: {identification: A}}}",
            "b looks like a",
        ),
        ("link: {start: ^morse}", "'morse' is no start"),
        ("quirks: {^no_rlqr: manual}", "'no_rlqr' is no quirk; did you mean no_rlrq?"),
        ("match: [{flag: ^abc}]", "'abc' is no FLAG id"),
        ("captures: [^{list: a, octets: 00, values: {}}]", "there is no push list 'a'"),
    ],
)
def test_a_mistake_is_found_at_its_place(tmp_path: Path, body: str, text: str) -> None:
    line = HEAD.count("\n") + 1
    place = f"a.yaml:{line}:{body.index('^') + 1}: "
    found = mistakes_in(tmp_path, f"{HEAD}{body.replace('^', '')}\n")
    assert any(mistake.startswith(place) and text in mistake for mistake in found), (place, found)


@pytest.mark.parametrize(
    "body",
    [
        "set: [{class: 903, version: 0, attributes: {3: {type: data}}, reason: Some moods are words.}]",
        "set: [{class: 903, version: 0, attributes: {5: {access: read-write}}, reason: It is set in the works.}]",
        "remove: [{class: 903, version: 0, attributes: [2], reason: The clerk is retired.}]",
        "add_attribute: [{class: 903, version: 0, attributes: {9: {name: a, type: data}}, reason: Draft.}]",
        "add_class: [{class: {id: 905, name: Boss}, versions: {0: {}}, reason: A later edition has it.}]",
    ],
)
def test_more_than_the_books_allow_needs_a_reason(tmp_path: Path, body: str) -> None:
    assert device(tmp_path, f"{HEAD}{body}\n").changes[0].reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("data", "array<unsigned>"),
        ("choice{unsigned, boolean}", "boolean"),
        ("octet-string", "octet-string(8)"),
        ("octet-string", "DateTime"),
        ("octet-string(12)", "DateTime"),
        ("array<data>", "array<enum Kind>"),
        ("structure{a: data, b: unsigned}", "structure{c: boolean, d: unsigned}"),
        ("enum", "enum Kind"),
    ],
)
def test_a_type_may_be_narrowed_and_not_widened(tmp_path: Path, old: str, new: str) -> None:
    base = (
        'add_class: [{{class: {{id: 9000, name: Thing}}, versions: {{0: {{attributes: {{2: {{name: a, type: "{}"}},'
        " 3: {{name: b, type: enum Kind}}}}}}}}, types: {{Kind: {{enum: {{0: x}}}}}}}}]\n"
    )
    change = "overlay: {{name: other, title: Other, extends: [mine]}}\nsources: {{m: {{title: M}}}}\n"
    change += 'set: [{{class: 9000, version: 0, attributes: {{2: {{type: "{}"}}}}, from: m}}]\n'
    device(tmp_path, HEAD + base.format(old), change.format(new))
    assert "no narrower" in mistakes_in(tmp_path, HEAD + base.format(new), change.format(old))[0]


def test_every_touched_element_carries_its_origin(tmp_path: Path) -> None:
    body = """\
set: [{class: 903, version: 0, attributes: {2: {access: read-only}}, from: manual p. 1}]
add_attribute: [{class: 903, version: 0, attributes: {-1: {name: a, type: data}}, from: manual p. 2}]
add_method: [{class: 903, version: 0, methods: {-1: {name: b}}, from: manual p. 3}]
add_enum_member: [{type: Mood, class: 903, members: {9: sad}, from: manual p. 4}]
remove: [{class: 903, version: 0, methods: [1], from: manual p. 5}]
objects: {o: {obis: 0.0.1.0.0.255, class: 903, version: 0, from: manual p. 6}}
"""
    found = device(tmp_path, HEAD + body)
    version = clerk(found).versions[0]
    mood = next(each for each in clerk(found).types if each.name == "Mood")
    assert isinstance(mood, EnumDef)
    docs = [
        version.attributes[0].doc,
        version.attributes[-1].doc,
        version.methods[-1].doc,
        mood.members[-1].doc,
    ]
    for page, doc in enumerate(docs, 1):
        assert f"Mine (Manual, p. {page})." in doc
    assert {(note.verb, note.origin.place) for note in found.changes} == {
        ("set", "p. 1"), ("add_attribute", "p. 2"), ("add_method", "p. 3"), ("add_enum_member", "p. 4"),
        ("remove", "p. 5"),
    }  # fmt: skip
    assert found.objects[0].origin.place == "p. 6"


def test_a_fact_without_an_origin_is_a_mistake(tmp_path: Path) -> None:
    head = HEAD.replace(", from: manual", "")
    found = mistakes_in(tmp_path, f"{head}link: {{start: hdlc}}\n")
    assert any("'link' needs 'from'" in mistake for mistake in found)
    assert any("nothing comes from 'manual'" in mistake for mistake in found)


OTHER = HEAD.replace("mine", "other").replace("Mine", "Other")


@pytest.mark.parametrize(
    "body",
    [
        "set: [{class: 903, version: 0, attributes: {2: {access: read-only}}}]",
        "add_attribute: [{class: 903, version: 0, attributes: {-1: {name: a, type: data}}}]",
        "add_enum_member: [{type: Mood, class: 903, members: {9: sad}}]",
        "add_class: [{class: {id: 9000, name: Boss}, versions: {0: {}}}]",
        "objects: {o: {obis: 0.0.1.0.0.255, class: 903, version: 0}}",
        "associations: {public: {client: 16}}",
        "quirks: {no_rlrq: manual}",
        "link: {start: hdlc}",
    ],
)
def test_two_overlays_that_touch_one_element_conflict(tmp_path: Path, body: str) -> None:
    found = mistakes_in(tmp_path, f"{HEAD}{body}\n", f"{OTHER}{body}\n")
    assert len(found) == 1
    assert found[0].startswith("b.yaml:3:")
    assert "mine" in found[0]
    assert "extend that overlay" in found[0]


def test_one_overlay_touches_an_element_once(tmp_path: Path) -> None:
    change = "{class: 903, version: 0, attributes: {2: {access: read-only}}}"
    assert "say it once" in mistakes_in(tmp_path, f"{HEAD}set: [{change}, {change}]\n")[0]


def test_an_overlay_may_change_what_it_extends(tmp_path: Path) -> None:
    below = f"{HEAD}objects: {{a: {{obis: 0.0.1.0.0.255, class: 903, version: 0}}}}\nlink: {{start: hdlc}}\n"
    above = OTHER.replace("title: Other,", "title: Other, extends: [mine],")
    above += "set: [{objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 1}}}]\nlink: {start: wrapper}\n"
    found = device(tmp_path, below, above)
    assert [row.version for row in found.objects] == [1]
    assert [fact.value for fact in found.link] == ["'wrapper'"]
    gone = device(
        tmp_path,
        below,
        above.replace(
            "set: [{objects: {a: {obis: 0.0.1.0.0.255, class: 903, version: 1}}}]", "remove: [{object: a}]"
        ),
    )
    assert gone.objects == ()


def test_a_type_may_lose_its_use_to_an_overlay_that_extends(tmp_path: Path) -> None:
    below = f"""{HEAD}types: {{Spare: {{enum: {{0: none}}}}}}
objects: {{a: {{obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {{2: {{type: enum Spare}}}}}}}}
"""
    above = OTHER.replace("title: Other,", "title: Other, extends: [mine],") + "remove: [{object: a}]\n"
    assert device(tmp_path, below, above).objects == ()


def test_an_entry_that_replaces_another_may_have_an_origin_of_its_own(tmp_path: Path) -> None:
    below = f"{HEAD}objects: {{a: {{obis: 0.0.1.0.0.255, class: 903, version: 0}}}}\n"
    above = OTHER.replace("title: Other,", "title: Other, extends: [mine],")
    above = above.replace("{title: Manual}", "{title: Manual}, capture: {title: Capture}")
    entry = "{obis: 0.0.1.0.0.255, class: 903, version: 1, from: capture 7}"
    above += f"set: [{{from: manual p. 1, objects: {{a: {entry}}}}}]\n"
    (row,) = device(tmp_path, below, above).objects
    assert (row.origin.document, row.origin.place) == ("Capture", "7")


def test_a_column_is_of_the_closest_entry_and_keeps_the_open_group(tmp_path: Path) -> None:
    body = """\
objects:
  every: {obis: 0.b.1.0.e.255, class: 903, version: 0}
  fifth: {obis: 0.b.1.0.5.255, class: 903, version: 1}
  log: {obis: 0.b.99.1.0.255, class: 906, version: 0, columns: [0.b.1.0.5.255 5, 0.b.1.0.6.255 mood, 0.3.1.0.6.255 0 2]}
"""
    log = device(tmp_path, HEAD + body).objects[-1]
    assert [(each.pattern.text, each.class_id, each.index, each.element) for each in log.columns] == [
        ("0.b.1.0.5.255", 903, 5, 0),
        ("0.b.1.0.6.255", 903, 3, 0),
        ("0.3.1.0.6.255", 903, 0, 2),
    ]


def test_a_column_of_two_entries_alike_is_a_mistake(tmp_path: Path) -> None:
    body = """\
objects:
  one: {obis: 0.0.1.0.0.255, class: 903, version: 0}
  two: {obis: 0.0.1.0.0.255, class: 906, version: 0}
  log: {obis: 0.0.99.1.0.255, class: 906, version: 0, columns: [0.0.1.0.0.255]}
"""
    assert "0.0.1.0.0.255 is one and two; keep one" in mistakes_in(tmp_path, HEAD + body)[0]


KINDS = HEAD.replace("title: Mine,", "title: Mine, variants: [small, large, huge],")


def test_kinds_of_a_device_may_share_a_code(tmp_path: Path) -> None:
    body = """\
objects:
  small_log: {obis: 0.0.99.1.0.255, class: 906, version: 0, variants: [small], columns: [0.0.1.0.0.255]}
  large_log: {obis: 0.0.99.1.0.255, class: 906, version: 0, variants: [large, huge], columns: [0.0.1.0.0.255 desk]}
  small_desk: {obis: 0.0.1.0.0.255, class: 903, version: 0, variants: [small]}
  large_desk: {obis: 0.0.1.0.0.255, class: 903, version: 1, variants: [large, huge]}
"""
    found = device(tmp_path, KINDS + body).objects
    assert [(row.name, [(each.class_id, each.index) for each in row.columns]) for row in found[:2]] == [
        ("small_log", [(903, 2)]),
        ("large_log", [(903, 4)]),
    ]


@pytest.mark.parametrize("variants", ["", ", variants: [large, small]"])
def test_one_kind_has_a_code_once(tmp_path: Path, variants: str) -> None:
    body = f"""\
objects:
  one: {{obis: 0.0.1.0.0.255, class: 903, version: 0, variants: [small]}}
  two: {{obis: 0.0.1.0.0.255, class: 903, version: 0{variants}}}
"""
    assert "two is one at" in mistakes_in(tmp_path, KINDS + body)[0]


def test_what_only_another_kind_has_is_not_captured(tmp_path: Path) -> None:
    body = """\
objects:
  desk: {obis: 0.0.1.0.0.255, class: 903, version: 0, variants: [large]}
  log: {obis: 0.0.99.1.0.255, class: 906, version: 0, variants: [small], columns: [0.0.1.0.0.255]}
"""
    assert "0.0.1.0.0.255" in mistakes_in(tmp_path, KINDS + body)[0]


@pytest.mark.parametrize("variants", ["", ", variants: [small, large]"])
def test_every_kind_that_has_a_log_has_what_it_captures(tmp_path: Path, variants: str) -> None:
    body = f"""\
objects:
  desk: {{obis: 0.0.1.0.0.255, class: 903, version: 0, variants: [small, huge]}}
  log: {{obis: 0.0.99.1.0.255, class: 906, version: 0{variants}, columns: [0.0.1.0.0.255]}}
"""
    assert (
        "0.0.1.0.0.255 is captured and large meters do not list it" in mistakes_in(tmp_path, KINDS + body)[0]
    )


def test_the_class_of_the_objects_is_not_called_as_a_type(tmp_path: Path) -> None:
    body = """\
types: {Mine: {enum: {0: none}}}
objects: {objects: {obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {2: {type: enum Mine}}}}
"""
    assert "M008: Mine is a type already" in mistakes_in(tmp_path, HEAD + body)[0]


def test_overlays_do_not_extend_each_other_in_a_ring(tmp_path: Path) -> None:
    one = HEAD.replace("title: Mine,", "title: Mine, extends: [other],")
    other = OTHER.replace("title: Other,", "title: Other, extends: [mine],")
    assert "extends itself" in mistakes_in(tmp_path, one, other)[0]
    assert (
        "there is no overlay 'offic' to extend; did you mean office?"
        in mistakes_in(tmp_path, HEAD.replace("title: Mine,", "title: Mine, extends: [offic],"))[0]
    )


def test_a_change_of_a_shared_type_reaches_the_classes_that_use_it(tmp_path: Path) -> None:
    found = device(tmp_path, f"{HEAD}add_enum_member: [{{type: Unit, members: {{9: ream}}}}]\n")
    assert found.types == {(None, "Unit"), (None, "ScalerUnit")}
    assert found.versions == {(903, 0), (903, 1)}


def test_what_is_not_touched_stays_the_books(tmp_path: Path) -> None:
    found = device(
        tmp_path, f"{HEAD}set: [{{class: 903, version: 1, attributes: {{2: {{type: unsigned}}}}}}]\n"
    )
    assert found.versions == {(903, 1)}
    assert found.types == frozenset()
    assert clerk(found).versions[0] == found.base.classes[0].versions[0]


def test_a_type_that_only_an_object_uses_is_used(tmp_path: Path) -> None:
    body = """\
types: {Cause: {enum: {0: none, 1: cover}}}
objects: {o: {obis: 0.0.1.0.0.255, class: 903, version: 0, attributes: {2: {type: enum Cause, fixed: cover}}}}
"""
    assert device(tmp_path, HEAD + body).objects[0].attributes[0].fixed == "1"


def test_the_examples_of_the_readme_are_an_overlay(tmp_path: Path) -> None:
    spec = Path(__file__).resolve().parents[2] / "spec"
    blocks = re.findall(r"```yaml\n(.*?)```", (spec / "overlays" / "README.md").read_text("utf-8"), re.DOTALL)
    path = tmp_path / "my_meter.yaml"
    path.write_text("".join(blocks), "utf-8")
    _, found = load_project(spec, [path])
    assert found.overlay.python == "MyMeter"
    assert {note.verb for note in found.changes} == {
        "remove", "set", "add_class", "add_attribute", "add_method", "add_enum_member",
    }  # fmt: skip
