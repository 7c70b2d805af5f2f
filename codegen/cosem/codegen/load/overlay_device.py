"""How a device is reached and recognised: ``associations``, ``link``, ``quirks`` and ``match``."""

from __future__ import annotations

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.names import is_snake
from cosem.codegen.ir.overlay import Association, LinkFact, Match, QuirkUse
from cosem.codegen.load.nodes import Entry, Items, Keys, Table, Text, as_table, as_text
from cosem.codegen.load.overlay_objects import read_code
from cosem.codegen.load.overlay_origin import Origins
from cosem.codegen.load.types import read_word

MECHANISMS = (
    "lowest_level_security",
    "low_level_security",
    "high_level_security",
    "high_level_security_md5",
    "high_level_security_sha1",
    "high_level_security_gmac",
    "high_level_security_sha256",
    "high_level_security_ecdsa",
)
"""Mechanism names, as the grammar of the APDUs spells them, by their last arc."""

POLICIES = tuple(
    f"{what}_{message}"
    for message in ("request", "response")
    for what in ("authenticated", "encrypted", "digitally_signed")
)

LINK_WORDS = {"start": ("hdlc", "wrapper", "iec21", "mbus"), "parity": ("none", "even", "odd")}
LINK_FLAGS = ("wake_up", "baud_switch")
LINK_NUMBERS = (
    "baud_rate",
    "data_bits",
    "stop_bits",
    "window_size",
    "maximum_information_field_length",
    "maximum_pdu_size",
    "inter_frame_gap",
    "inactivity_timeout",
    "physical_address",
)


def read_associations(table: Table | None, origins: Origins, mistakes: Mistakes) -> tuple[Association, ...]:
    """The entries of an ``associations`` mapping."""
    found = (_association(entry, origins, mistakes) for entry in table or ())
    return tuple(row for row in found if row is not None)


def _association(entry: Entry, origins: Origins, mistakes: Mistakes) -> Association | None:
    name = entry.key
    if not is_snake(name.value):
        mistakes.add(name.span, f"{name.value!r} is not in snake_case")
    table = as_table(entry.value, f"association {name.value}", mistakes)
    if table is None:
        return None
    keys = Keys(table, f"association {name.value}", mistakes)
    client, server = keys.integer("client"), keys.integer("server", required=False)
    mechanism = keys.word("mechanism", MECHANISMS, default=MECHANISMS[0])
    ciphered, pre_established = (
        keys.flag("ciphered", default=False),
        keys.flag("pre_established", default=False),
    )
    suite, policy = keys.integer("suite", required=False), keys.items("policy", required=False)
    codes = {
        key: read_code(keys.text(key, required=False), mistakes)
        for key in ("association", "security_setup", "invocation_counter")
    }
    origin = origins.of(keys)
    keys.close()
    if client is None:
        return None
    for what, sap in (("client", client), ("server", server)):
        if sap is not None and not 0 <= sap <= 0xFFFF:
            mistakes.add(table.span, f"the {what} SAP {sap} is not from 0 to 65535")
    if suite is not None and (not ciphered or suite not in range(3)):
        mistakes.add(
            table.span, f"suite {suite}: a ciphered association has suite 0, 1 or 2, and no other has one"
        )
    return Association(
        name.value,
        client,
        1 if server is None else server,
        MECHANISMS.index(mechanism.value) if mechanism else 0,
        ciphered,
        suite,
        _policy(policy, mistakes),
        codes["association"],
        codes["security_setup"],
        codes["invocation_counter"],
        pre_established,
        origin,
        name.span,
    )


def _policy(items: Items | None, mistakes: Mistakes) -> tuple[str, ...]:
    found: list[str] = []
    for item in items or ():
        text = as_text(item, "a policy", mistakes)
        if text is not None and text.value not in POLICIES:
            mistakes.add(text.span, f"{text.value!r} is no policy; there are {', '.join(POLICIES)}")
        elif text is not None:
            found.append(text.value)
    return tuple(found)


def read_link(table: Table | None, origins: Origins, mistakes: Mistakes) -> tuple[LinkFact, ...]:
    """The facts of ``link``; numbers are positive or 0."""
    if table is None:
        return ()
    keys = Keys(table, "'link'", mistakes)
    origin = origins.of(keys)
    found: list[LinkFact] = []
    for key, words in LINK_WORDS.items():
        word = keys.word(key, words, default="")
        if word is not None and word.value:
            found.append(LinkFact(key, repr(word.value), origin, word.span))
    for key in LINK_FLAGS:
        flag = keys.word(key, ("true", "false"), default="")
        if flag is not None and flag.value:
            found.append(LinkFact(key, str(flag.value == "true"), origin, flag.span))
    for key in LINK_NUMBERS:
        text = keys.text(key, required=False)
        number = keys.integer(key, required=False)
        if text is not None and number is not None:
            if number < 0:
                mistakes.add(text.span, f"{key} is {number}; it is 0 or more")
            found.append(LinkFact(key, str(number), origin, text.span))
    keys.close()
    return tuple(found)


def read_quirks(table: Table | None, origins: Origins, mistakes: Mistakes) -> tuple[QuirkUse, ...]:
    """``quirks``: the name of each, and where it was seen."""
    found: list[QuirkUse] = []
    for entry in table or ():
        text = as_text(entry.value, f"the origin of {entry.key.value}", mistakes)
        if text is not None:
            found.append(QuirkUse(entry.key.value, origins.read(text), entry.key.span))
    return tuple(found)


def read_match(items: Items | None, mistakes: Mistakes) -> tuple[Match, ...]:
    """``match``: ways to recognise the device, one of which is enough."""
    found: list[Match] = []
    for item in items or ():
        table = as_table(item, "an entry of 'match'", mistakes)
        if table is None:
            continue
        keys = Keys(table, "an entry of 'match'", mistakes)
        flag: Text | None = keys.text("flag", required=False)
        match = Match(
            flag.value if flag else "",
            read_word(keys, "device_name"),
            read_word(keys, "firmware"),
            table.span,
        )
        keys.close()
        if flag is not None and not (len(flag.value) == 3 and flag.value.isalpha() and flag.value.isupper()):
            mistakes.add(flag.span, f"{flag.value!r} is no FLAG id; it is three capital letters")
        if not (match.flag or match.device_name or match.firmware):
            mistakes.add(table.span, "an entry of 'match' needs 'flag', 'device_name' or 'firmware'")
        found.append(match)
    return tuple(found)
