"""The pages of the shared types, and the tables of any type's elements, members or bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath

from cosem.codegen.emit.docs_text import Link, anchor, code, lines, names, plain, sure, table, typed
from cosem.codegen.ir.model import BitsDef, EnumDef, InterfaceClass, Member, Model, StructureDef, TypeDef
from cosem.codegen.passes.scope import definition_references, expressions, references


class TypePages:
    """Where each named type is described."""

    def __init__(self, model: Model) -> None:
        self._files = {each.name: file.stem for file in model.types for each in file.types}

    def link_from_class(self, cls: InterfaceClass) -> Link:
        """The addresses of types as the page of a class needs them."""
        own = {each.name for each in cls.types}
        return lambda name: f"#{anchor(name)}" if name in own else self.link_from_overlay(name)

    def link_from_types(self, name: str) -> str:
        """The address of a shared type as the pages of shared types need it."""
        return self._place(name)

    def link_from_overlay(self, name: str) -> str:
        """The address of a shared type as the pages of overlays need it."""
        return f"../types/{self._place(name)}"

    def _place(self, name: str) -> str:
        return f"{self._files[name]}.md#{anchor(name)}"


def type_pages(model: Model) -> dict[str, str]:
    """Path under the reference → page, the index among them."""
    editions = {edition.id: edition.title for edition in model.editions}
    pages = TypePages(model)
    users = _users(model)
    files = {
        f"types/{file.stem}.md": lines(
            f"# Shared types: {plain(file.stem)}",
            "Used by several interface classes; in Python they are in `cosem.model.types`.",
            *(
                lines(
                    definition_text(each, "##", pages.link_from_types, editions), _used_by(users[each.name])
                )
                for each in sorted(file.types, key=lambda each: each.name)
            ),
        )
        for file in model.types
    }
    rows = sorted(
        (
            f"[{each.name}]({file.stem}.md#{anchor(each.name)})",
            _kind(each),
            plain(each.doc),
        )
        for file in model.types
        for each in file.types
    )
    index = lines(
        "# Shared types",
        "Types that several interface classes use. A type of one class alone stands on the page of the class.",
        table(("type", "kind", "what it is"), rows),
    )
    return {"types/index.md": index, **files}


def definition_text(definition: TypeDef, heading: str, link: Link, editions: Mapping[str, str]) -> str:
    """A type: its kind and its elements, members or bits."""
    match definition:
        case StructureDef(fields=fields):
            columns = ("=", "element", "type")
            rows = [
                (str(position), code(field.name), typed(field.type, link))
                for position, field in enumerate(fields, 1)
            ]
        case EnumDef(members=members, unit=unit):
            columns = ("=value", "name", "symbol" if unit else "meaning")
            rows = [_member_row(member, editions) for member in members]
        case BitsDef(members=members):
            columns = ("=bit", "name", "meaning")
            rows = [_member_row(member, editions) for member in members]
    kind = f"{_kind(definition)}{sure(definition.confidence)}"
    return lines(
        f"{heading} {definition.name} {{ #{anchor(definition.name)} }}",
        f"{kind[0].upper()}{kind[1:]}. {plain(definition.doc)}".rstrip(),
        table(columns, rows),
    ).rstrip()


def _member_row(member: Member, editions: Mapping[str, str]) -> tuple[str, str, str]:
    said = [plain(member.symbol or ""), plain(member.doc)]
    if member.life.since is not None:
        said.append(f"since {plain(editions.get(member.life.since, member.life.since))}")
    if member.life.until is not None:
        said.append(f"until {plain(editions.get(member.life.until, member.life.until))}")
    return str(member.number), code(member.name) + sure(member.confidence), ", ".join(filter(None, said))


def _kind(definition: TypeDef) -> str:
    match definition:
        case StructureDef(fields=fields):
            return f"structure of {len(fields)} elements"
        case EnumDef(carrier=carrier, unit=unit):
            what = "units" if unit else "enumeration"
            return f"{what}, carried by {carrier}"
        case BitsDef(width=width, tag=tag):
            return f"{width} bits in {tag}"


def _users(model: Model) -> dict[str, list[str]]:
    """Shared type → links to the classes whose tables name it, directly or in a type of their own."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for cls in model.classes:
        page = f"../classes/{PurePosixPath(cls.file).stem}.md"
        used = {
            *(
                each.name
                for version in cls.versions
                for expr in expressions(version)
                for each in references(expr)
            ),
            *(each.name for definition in cls.types for each in definition_references(definition)),
        }
        for name in used - {definition.name for definition in cls.types}:
            found[name][f"[{plain(cls.name)}]({page})"] = None
    return defaultdict(list, {name: list(links) for name, links in found.items()})


def _used_by(links: list[str]) -> str:
    return f"Used by {names(links)}." if links else ""
