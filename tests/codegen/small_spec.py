"""A small spec with every kind of element in it, and with elements that some editions alone know."""

from __future__ import annotations

from pathlib import Path

EDITIONS = """\
books:
  blue:
    title: Blue Book
    editions: {bb12: {title: Edition 12}, bb13: {title: Edition 13}, bb14: {title: Edition 14}}
  green:
    title: Green Book
    editions: {gb8: {title: Edition 8}, gb9: {title: Edition 9}}
"""
THING = """\
class: {id: 900, name: Thing}
versions:
  0:
    ref: XX 1
    attributes:
      2: {name: value, type: enum State}
      3: {name: old, type: bits Flags, until: bb13}
      4:
        name: rows
        type: array<Row>
        selectors: {1: {name: all, type: data}, 2: {name: some, type: data, since: bb14}}
    methods:
      1: {name: reset, takes: integer}
      2: {name: stop, takes: integer, since: bb13}
  1:
    ref: XX 2
    since: bb13
    extends: 0
    attributes: {5: {name: unit, type: enum Unit}}
types:
  State: {enum: {0: idle, 1: {name: busy, until: bb12}, 2: {name: dimmed, since: bb13}}}
  Flags: {in: unsigned, bits: {0: a, 1: {name: b, since: bb13}}}
  Row: {structure: {at: DateTime, kind: {type: unsigned, since: bb14, doc: What it is.}}}
  Unit: {unit: {27: active_power, 255: {name: count, since: bb14}}, symbols: {27: W}}
"""
LATE = """\
class: {id: 901, name: Late, since: bb14}
versions: {0: {ref: XX 3, attributes: {2: {name: value, type: Late0}, 3: {name: other, type: Shared0}}}}
types: {Late0: {structure: {x: data, signs: bits Signs}}, Signs: {in: unsigned, bits: {0: plus}}}
"""
SHARED = """\
types: {Shared0: {structure: {x: data}}}
"""
ROOT = """\
MODULE Pdu A-XDR
Cosem-Pdu ::= CHOICE {
    one [1] One,
    @since gb9
    two [2] Two
}
"""
MESSAGES = """\
MODULE Messages A-XDR
One ::= SEQUENCE {
    kind Kind,
    @until gb8
    old Unsigned8,
    @since gb9
    new Unsigned16,
    @since gb9
    when-b Unsigned8 WHEN kind IS b
}
Kind ::= ENUMERATED {
    a (0),
    @since gb9
    b (1)
}
@since gb9
Two ::= SEQUENCE { flags Flags }
Flags ::= BIT STRING (SIZE 8) { x (0) }
"""
GROUPS = """\
ref: clause 5
sets: {b: 0-64}
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
  kind: {entries: {0: old kind, 1: {text: new kind, since: bb13}}}
sections:
  - title: Rows
    objects:
      - {code: 1.b.1.0.0-1.255, name: "row of {e|kind}", constant: ROW, classes: [1, 3]}
      - {code: 1.b.2.0.0.255, name: late, constant: LATE, since: bb14}
"""
OVERLAY = """\
overlay: {name: maker, title: Maker, from: manual}
sources:
  manual: {title: Manual, edition: "1"}
objects:
  thing:
    obis: 1.0.1.0.0.255
    class: 900
    version: 0
    attributes: {2: {fixed: "0"}}
    access: {public: {all: r, attributes: {2: rw}, methods: [1]}}
associations:
  public: {client: 16}
push:
  list_1:
    match: {count: 2, first: V*}
    items: [{name: version}, {name: rows, obis: 1.0.1.0.0.255, class: 900}]
link: {start: hdlc}
quirks: {no_rlrq: manual p. 1}
match: [{flag: MKR}]
"""
QUIRKS = """\
quirks:
  no_rlrq: {meaning: Takes no release request.}
  other: {meaning: Another one.}
"""


def write_spec(folder: Path) -> Path:
    """The spec in a folder."""
    for name, text in {
        "editions.yaml": EDITIONS,
        "classes/0900_thing.yaml": THING,
        "classes/0901_late.yaml": LATE,
        "types/late.yaml": SHARED,
        "apdu/messages.asn": MESSAGES,
        "apdu/pdu.asn": ROOT,
        "obis/groups.yaml": GROUPS,
        "obis/one.yaml": ONE,
        "overlays/maker.yaml": OVERLAY,
        "quirks.yaml": QUIRKS,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def edit(spec: Path, file: str, old: str, new: str) -> None:
    """Put ``new`` where ``old`` stands in a file."""
    text = (spec / file).read_text("utf-8")
    assert old in text
    (spec / file).write_text(text.replace(old, new), "utf-8")
