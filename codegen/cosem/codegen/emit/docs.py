"""The class reference in Markdown: a page per class id and an index."""

from __future__ import annotations

from pathlib import Path

from cosem.codegen.emit.env import environment
from cosem.codegen.emit.sink import DiskSink
from cosem.codegen.ir.model import BitsDef, EnumDef, Model, StructureDef, TypeDef
from cosem.codegen.ir.notation import write_type


def write_docs(model: Model, folder: Path) -> int:
    """Write the pages into ``folder``; gives their number."""
    pages = render_docs(model)
    sink = DiskSink(folder)
    for path, text in pages.items():
        sink.put(path, text)
    return len(pages)


def render_docs(model: Model) -> dict[str, str]:
    """File name → page."""
    env = environment()
    pages = {
        "index.md": env.get_template("docs_index.md.j2").render(classes=model.classes),
        "types.md": env.get_template("docs_types.md.j2").render(
            types=sorted(
                (_described(definition) for file in model.types for definition in file.types),
                key=lambda described: str(described["name"]),
            )
        ),
    }
    for cls in model.classes:
        pages[f"{Path(cls.file).stem}.md"] = env.get_template("docs_class.md.j2").render(
            cls=cls, types=[_described(definition) for definition in cls.types], write_type=write_type
        )
    return dict(sorted(pages.items()))


def _described(definition: TypeDef) -> dict[str, object]:
    """A definition as a table: its kind, its columns, its rows."""
    columns: list[str]
    rows: list[tuple[str, ...]]
    match definition:
        case StructureDef(fields=fields):
            kind, columns = "structure", ["element", "type"]
            rows = [(field.name, write_type(field.type)) for field in fields]
        case EnumDef(members=members, carrier=carrier):
            kind, columns = f"enumeration in {carrier}", ["value", "name", "meaning"]
            rows = [(str(member.number), member.name, member.symbol or member.doc) for member in members]
        case BitsDef(members=members, tag=tag, width=width):
            kind, columns = f"{width} bits in {tag}", ["bit", "name", "meaning"]
            rows = [(str(member.number), member.name, member.doc) for member in members]
    return {
        "name": definition.name,
        "doc": definition.doc,
        "confidence": definition.confidence,
        "kind": kind,
        "columns": columns,
        "rows": rows,
    }
