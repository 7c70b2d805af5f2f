"""The grammar of APDU modules: what it reads, and where it says that something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosem.codegen.errors import Mistakes
from cosem.codegen.grammar.asn import parse_module
from cosem.codegen.ir.apdu import (
    BitString,
    Choice,
    Component,
    Enumeration,
    Module,
    Number,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Reference,
    Sequence,
    SequenceOf,
)
from cosem.codegen.load.apdu import load_apdu

SPEC = Path(__file__).resolve().parents[2] / "spec"
HEAD = "MODULE Test A-XDR\n"


def _parsed(text: str) -> Module:
    mistakes = Mistakes()
    module = parse_module(text, "apdu/test.asn", mistakes)
    mistakes.check()
    assert module is not None
    return module


def _type(text: str) -> object:
    return _parsed(f"{HEAD}A ::= {text}").definitions[0].type


def _mistakes(tmp_path: Path, **modules: str) -> list[str]:
    (tmp_path / "apdu").mkdir()
    for name, text in modules.items():
        (tmp_path / "apdu" / f"{name}.asn").write_text(text, "utf-8")
    mistakes = Mistakes()
    load_apdu(tmp_path, mistakes)
    return sorted(map(str, mistakes.found))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Unsigned8", Primitive("Unsigned8")),
        ("Other-Type", Reference("Other-Type")),
        ("OCTET STRING", OctetString()),
        ("OCTET STRING (SIZE 6)", OctetString(6)),
        ("SEQUENCE OF Data", SequenceOf(Primitive("Data"))),
        ("ENUMERATED { on (1), not-on (250) }", Enumeration((Number("on", 1), Number("not-on", 250)))),
        ("INTEGER", Primitive("INTEGER")),
        ("INTEGER { x (0) }", Enumeration((Number("x", 0),))),
        ("BIT STRING (SIZE 8) { x (0) }", BitString(8, (Number("x", 0),))),
        ("OBJECT IDENTIFIER {2 16} { x (1) }", ObjectIdentifier((2, 16), (Number("x", 1),))),
        ("CHOICE { x [3] NULL }", Choice((Component("x", Primitive("NULL"), tag=3),))),
        (
            "SEQUENCE { x [3] EXPLICIT ANY OPTIONAL SECRET }",
            Sequence((Component("x", Primitive("ANY"), tag=3, explicit=True, optional=True, secret=True),)),
        ),
        (
            "SEQUENCE { x BOOLEAN DEFAULT TRUE, y Unsigned8 WHEN x IS z }",
            Sequence(
                (
                    Component("x", Primitive("BOOLEAN"), default=True),
                    Component("y", Primitive("Unsigned8"), condition=("x", "z")),
                )
            ),
        ),
    ],
)
def test_a_type_reads_as_what_it_is(text: str, kind: object) -> None:
    assert _type(text) == kind


def test_notes_belong_to_what_follows() -> None:
    module = _parsed(
        "--| A module.\n@ref GB 9\nMODULE Test BER\n-- not a note\n--| Two\n--| lines.\n@confidence low\n"
        "A ::= [APPLICATION 3] SEQUENCE {\n --| A field.\n x [0] IMPLICIT ANY }"
    )
    assert (module.note.doc, module.note.ref, module.ber) == ("A module.", "GB 9", True)
    definition = module.definitions[0]
    assert (definition.note.doc, definition.note.confidence) == ("Two lines.", "low")
    assert definition.application == 3
    assert isinstance(definition.type, Sequence)
    assert definition.type.components[0].note.doc == "A field."


def test_places_are_remembered() -> None:
    definition = _parsed(f"{HEAD}\nA ::= SEQUENCE {{\n  x B\n}}").definitions[0]
    assert str(definition.span) == "apdu/test.asn:3:1"
    assert isinstance(definition.type, Sequence)
    assert str(definition.type.components[0].span) == "apdu/test.asn:4:3"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("A = NULL", "apdu/test.asn:2:3: '=' does not fit here; expected ::="),
        ("A ::= SEQUENCE { X NULL }", "apdu/test.asn:2:18: 'X' does not fit here; expected"),
        ("A ::= SEQUENCE { x NULL", "apdu/test.asn:2:24: the end does not fit here; expected"),
        ("A ::= OCTET STRING (6)", "apdu/test.asn:2:21: '6' does not fit here; expected SIZE"),
        ("A ::= ENUMERATED { x (one) }", "apdu/test.asn:2:23: 'one' does not fit here; expected a number"),
        ("@reff GB 9\nA ::= NULL", "apdu/test.asn:2:1: no note is called @reff; there are @ref"),
        ("@ref\nA ::= NULL", "apdu/test.asn:2:1: @ref '' does not fit; expected a clause"),
        (
            "@confidence sure\nA ::= NULL",
            "apdu/test.asn:2:1: @confidence 'sure' does not fit; expected one of high",
        ),
        ("@ref a\n@ref b\nA ::= NULL", "apdu/test.asn:3:1: @ref is written twice; keep one"),
    ],
)
def test_what_cannot_be_read_is_located(text: str, mistake: str) -> None:
    mistakes = Mistakes()
    parse_module(HEAD + text, "apdu/test.asn", mistakes)
    assert len(mistakes.found) == 1
    assert str(mistakes.found[0]).startswith(mistake)


ROOT = "MODULE Pdu A-XDR\nCosem-Pdu ::= CHOICE { a [1] A }\n"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("A ::= SEQUENCE { x Unsigned9 }", "2:20: nothing is called Unsigned9; did you mean Unsigned8?"),
        (
            "A ::= SEQUENCE { x NULL }\nA ::= NULL",
            "3:1: definition A stands at apdu/messages.asn:2:1 already",
        ),
        (
            "A ::= SEQUENCE { x A-B, y AB }\nA-B ::= BOOLEAN\nAB ::= BOOLEAN",
            "4:1: definition AB stands at apdu/messages.asn:3:1 already",
        ),
        ("A ::= SEQUENCE { x NULL }\nB ::= NULL", "3:1: B is not used from Cosem-Pdu; use it, remove it"),
        ("A ::= SEQUENCE { x A }", "2:1: A → A contains itself; only Data may nest"),
        (
            "A ::= SEQUENCE { x NULL, x NULL }",
            "2:26: the component x stands at apdu/messages.asn:2:18 already",
        ),
        ("A ::= SEQUENCE { x [1] NULL }", "2:18: x has a tag that A-XDR does not encode; remove it"),
        ("A ::= CHOICE { x NULL }", "2:16: x needs its tag, as in x [1]"),
        ("A ::= CHOICE { x [1] NULL, y [1] Data }", "2:28: tag [1] stands at apdu/messages.asn:2:16 already"),
        ("A ::= CHOICE { x [1] Unsigned8, y [2] Integer8 }", "2:33: y and x would both be int in Python"),
        ("A ::= CHOICE { x [1] NULL OPTIONAL }", "2:16: x is an alternative and cannot be left out"),
        ("A ::= SEQUENCE { x REMAINDER, y NULL }", "2:18: REMAINDER takes all octets that are left"),
        ("A ::= SEQUENCE { x Unsigned8 DEFAULT TRUE }", "2:18: DEFAULT is known for BOOLEAN only"),
        ("A ::= SEQUENCE { x NULL WHEN y IS z }", "2:18: WHEN y: no enumerated component of that name"),
        (
            "A ::= SEQUENCE { y B, x NULL WHEN y IS z }\nB ::= ENUMERATED { w (1) }",
            "2:23: WHEN y IS z: y has no such member",
        ),
        (
            "A ::= SEQUENCE { x B }\nB ::= ENUMERATED { w (256) }",
            "3:20: w (256) is too high; 255 is the last",
        ),
        ("A ::= SEQUENCE { x B }\nB ::= ENUMERATED { w (1), v (1) }", "3:27: the number 1 stands at"),
        ("A ::= [APPLICATION 0] SEQUENCE { x NULL }", "2:1: an APPLICATION tag exists in BER only"),
        ("A ::= TAGGED CHOICE { x [1] NULL }", "2:1: only a SEQUENCE can be TAGGED"),
    ],
)
def test_what_does_not_hang_together_is_located(tmp_path: Path, text: str, mistake: str) -> None:
    found = _mistakes(tmp_path, pdu=ROOT, messages=HEAD + text)
    assert len(found) == 1, found
    assert found[0].startswith(f"apdu/messages.asn:{mistake}")


def test_a_message_has_a_type_of_its_own(tmp_path: Path) -> None:
    assert _mistakes(tmp_path, pdu=ROOT, messages=f"{HEAD}A ::= NULL") == [
        "apdu/pdu.asn:2:24: a must refer to a SEQUENCE or a CHOICE by name"
    ]


def test_the_choice_of_all_messages_shares_its_module_with_nothing(tmp_path: Path) -> None:
    assert _mistakes(tmp_path, pdu=f"{ROOT}A ::= SEQUENCE {{ x B }}\nB ::= NULL") == [
        "apdu/pdu.asn:3:1: Cosem-Pdu at apdu/pdu.asn:2:1 has a module of its own; put A, B into another"
    ]


@pytest.mark.parametrize("name", ["Pdu", "Pdu-Tags", "Dispatch", "Errors"])
def test_no_module_is_called_as_one_that_is_made_of_all_messages(tmp_path: Path, name: str) -> None:
    root = ROOT.replace("Pdu A-XDR", "Root A-XDR", 1)
    [found] = _mistakes(tmp_path, root=root, messages=f"MODULE {name} A-XDR\nA ::= SEQUENCE {{ x NULL }}")
    assert found.startswith("apdu/messages.asn:1:8: cosem.apdu.")
    assert found.endswith(f"is made of Cosem-Pdu; give module {name} another name")


def test_two_modules_do_not_become_one_file(tmp_path: Path) -> None:
    one, two = (f"MODULE {name} A-XDR\n" for name in ("Get-Request", "GetRequest"))
    [found] = _mistakes(
        tmp_path, pdu=ROOT, one=f"{one}A ::= SEQUENCE {{ x B }}", two=f"{two}B ::= SEQUENCE {{ x NULL }}"
    )
    assert found.startswith("apdu/two.asn:1:8: module get_request stands at apdu/one.asn:1:8 already")


def test_a_sequence_with_two_tags_must_be_tagged(tmp_path: Path) -> None:
    root = "MODULE Pdu A-XDR\nCosem-Pdu ::= CHOICE { a [1] A, b [2] A }"
    [found] = _mistakes(tmp_path, pdu=root, messages=f"{HEAD}A ::= SEQUENCE {{ x NULL }}")
    assert found.startswith("apdu/pdu.asn:2:33: b and a would both be A in Python")


def test_an_application_tag_must_agree_with_the_octet(tmp_path: Path) -> None:
    root = "MODULE Root A-XDR\nCosem-Pdu ::= CHOICE { a [97] A }"
    acse = "MODULE Acse BER\nA ::= [APPLICATION 0] SEQUENCE { x [0] IMPLICIT ANY }"
    assert _mistakes(tmp_path, root=root, acse=acse) == [
        "apdu/root.asn:2:24: [APPLICATION 0] is octet 96; write a [96]"
    ]


def test_mistakes_of_all_modules_come_at_once(tmp_path: Path) -> None:
    messages = f"{HEAD}A ::= SEQUENCE {{ x Nothing, y Nobody }}"
    found = _mistakes(tmp_path, pdu=ROOT, messages=messages, other="MODULE Other A-XDR\nB ::= ::=")
    assert [each.split(": ")[0] for each in found] == [
        "apdu/messages.asn:2:20",
        "apdu/messages.asn:2:31",
        "apdu/other.asn:2:7",
    ]


def test_the_grammar_in_the_tree_has_no_mistakes() -> None:
    mistakes = Mistakes()
    model = load_apdu(SPEC, mistakes)
    assert mistakes.found == []
    assert {"Get-Request-Normal", "AARQ", "General-Ciphering", "Read-Response"} <= set(model.definitions)


def test_every_definition_has_a_clause() -> None:
    model = load_apdu(SPEC, Mistakes())
    assert [module.name for module in model.modules if not module.note.ref] == []
