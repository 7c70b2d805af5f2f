"""What stands above the single APDU modules of ``cosem.apdu``: all messages, the errors, the lazy index."""

from __future__ import annotations

from cosem.codegen.emit.apdu_types import PACKAGE, Grammar
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.apdu import (
    ROOT,
    ApduModel,
    Choice,
    Component,
    Definition,
    Enumeration,
    Number,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.names import camel, snake, upper


def index_modules(grammar: Grammar, model: ApduModel) -> list[Module]:
    """``pdu``, ``pdu_tags``, ``dispatch``, ``errors`` and the package itself."""
    modules = [_pdu(grammar), _pdu_tags(grammar), _dispatch(grammar), *_package(grammar, model)]
    return [*modules, _errors(grammar)] if _error_names(grammar) else modules


def _root(grammar: Grammar) -> tuple[Definition, tuple[Component, ...]]:
    root = grammar.definitions[ROOT]
    assert isinstance(root.type, Choice)
    return root, root.type.components


def _source(definition: Definition) -> list[str]:
    return [f"spec/{definition.span.file}"]


def _pdu(grammar: Grammar) -> Module:
    """The union of all messages. Whoever imports it imports them all."""
    root, components = _root(grammar)
    module = Module(f"{PACKAGE}.pdu", _source(root), "All messages. GB 9.5.")
    module.own.add("CosemPdu")
    module.add(
        "apdu_pdu.py.j2",
        alias=module.use("typing", "TypeAlias"),
        doc=root.note.doc,
        members=list(dict.fromkeys(grammar.name(each.type, module) for each in components)),
    )
    return module


def _pdu_tags(grammar: Grammar) -> Module:
    """The numbers of the first octets of all messages."""
    root, components = _root(grammar)
    module = Module(f"{PACKAGE}.pdu_tags", _source(root), "The octet with which each message begins. GB 9.5.")
    module.own.add("CosemPduTag")
    tags = {each.name: each.tag for each in components}
    families: dict[str, list[tuple[str, str]]] = {}
    for each in components:
        if each.protects:
            target = grammar.target(each.type)
            assert target is not None
            family = families.setdefault(target.name, [])
            family.append((f"{tags[each.protects]:#04x}", f"{each.tag:#04x}"))
    module.add(
        "apdu_pdu_tags.py.j2",
        final=module.use("typing", "Final") if families else "",
        base=module.use("cosem.core.enums", "OpenEnum"),
        tags=[(upper(each.name), f"{each.tag:#04x}") for each in components],
        families=[(upper(name).partition("_")[0], camel(name), pairs) for name, pairs in families.items()],
    )
    return module


def _dispatch(grammar: Grammar) -> Module:
    """``decode_pdu``: a table by first octet that fills itself as messages come."""
    root, components = _root(grammar)
    doc = "Decode any message. Modules of messages that never come are never imported."
    module = Module(f"{PACKAGE}.dispatch", _source(root), doc)
    targets: dict[str, str] = {}
    entries: list[tuple[str, str]] = []
    for each in components:
        target = grammar.target(each.type)
        assert target is not None
        targets[target.name] = grammar.homes[target.name]
        entries.append((f"{each.tag:#04x}", snake(target.name)))
    module.use("collections.abc", "Callable")
    module.use("typing", "TYPE_CHECKING")
    module.use("typing", "TypeAlias")
    module.use("cosem.core.limits", "DEFAULT_LIMITS")
    module.use("cosem.core.limits", "Limits")
    module.use("cosem.core.errors", "DecodeError")
    module.use("cosem.core.errors", "IncompleteError")
    module.add(
        "apdu_dispatch.py.j2",
        readers=[(snake(name), camel(name), home) for name, home in targets.items()],
        entries=entries,
    )
    return module


def _errors(grammar: Grammar) -> Module:
    """One class for each result code."""
    families = [each for each in grammar.definitions.values() if each.note.errors]
    sources = sorted({source for each in families for source in _source(each)})
    module = Module(f"{PACKAGE}.errors", sources, "One exception for each way a meter can refuse. GB 9.5.")
    module.use("typing", "ClassVar")
    for definition in families:
        base, *rest = definition.note.errors
        prefix = rest[0] if rest else ""
        assert isinstance(definition.type, Enumeration)
        module.use("cosem.core.errors", base)
        module.add(
            "apdu_errors.py.j2",
            base=base,
            kind=definition.name.lower(),
            function=snake(base),
            classes=[_error_class(prefix, each) for each in definition.type.numbers if each.value],
        )
    return module


def _error_class(prefix: str, number: Number) -> tuple[str, int, str]:
    return f"{prefix}{camel(number.name)}", number.value, number.name


def _package(grammar: Grammar, model: ApduModel) -> list[Module]:
    """The names of the package and where each is."""
    doc = "The messages of DLMS/COSEM, typed, with codecs."
    sources = sorted({f"spec/{module.span.file}" for module in model.modules})
    package = Module(f"{PACKAGE}.__init__", sources, doc)
    names: dict[str, list[str]] = {}
    for definition in grammar.definitions.values():
        if definition.name != ROOT:
            names.setdefault(grammar.homes[definition.name], []).extend(_exported(grammar, definition))
    families = sorted({camel(each.name) for each in grammar.definitions.values() if each.tagged})
    names[f"{PACKAGE}.pdu"] = ["CosemPdu"]
    names[f"{PACKAGE}.pdu_tags"] = ["CosemPduTag"]
    if families:
        names[f"{PACKAGE}.pdu_tags"] += [
            "PLAIN_TAG",
            *(f"{upper(each).partition('_')[0]}_TAG" for each in families),
        ]
    names[f"{PACKAGE}.dispatch"] = ["decode_pdu"]
    if errors := _error_names(grammar):
        names[f"{PACKAGE}.errors"] = errors
    package.use("typing", "TYPE_CHECKING")
    listed = [(home, sorted(each, key=_constants_first)) for home, each in sorted(names.items())]
    homes = {name: home.rpartition(".")[2] for home, each in listed for name in each}
    flat = [(name, homes[name]) for name in sorted(homes, key=_constants_first)]
    index = Module(f"{PACKAGE}._index", sources, "Where each name of the package is.")
    index.add("apdu_homes.py.j2", final=index.use("typing", "Final"), names=flat)
    package.add("apdu_package.py.j2", modules=listed, names=flat, package=PACKAGE)
    return [index, package]


def _constants_first(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def _exported(grammar: Grammar, definition: Definition) -> list[str]:
    names = [camel(definition.name)]
    message = len(grammar.prefixes.get(definition.name, b"")) == 1
    coded = isinstance(definition.type, Sequence | Choice | SequenceOf)
    if message or (definition.note.standalone and coded):
        names.append(f"decode_{snake(definition.name)}")
    if definition.note.standalone and isinstance(definition.type, SequenceOf):
        names.append(f"encode_{snake(definition.name)}")
    return names


def _error_names(grammar: Grammar) -> list[str]:
    names: list[str] = []
    for definition in grammar.definitions.values():
        if definition.note.errors and isinstance(definition.type, Enumeration):
            base, *rest = definition.note.errors
            prefix = rest[0] if rest else ""
            names.append(snake(base))
            names += [_error_class(prefix, each)[0] for each in definition.type.numbers if each.value]
    return names
