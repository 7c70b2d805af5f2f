"""``spec/editions.yaml``: the editions of the books in their order."""

from __future__ import annotations

from pathlib import Path

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.life import Edition
from cosem.codegen.load.nodes import Keys, as_table, load_file
from cosem.codegen.load.types import read_confidence


def load_editions(path: Path, mistakes: Mistakes) -> tuple[Edition, ...]:
    """All editions, book by book, oldest first."""
    table = load_file(path, path.name, mistakes)
    if table is None:
        return ()
    keys = Keys(table, "the editions", mistakes)
    books = keys.table("books")
    keys.close()
    editions: list[Edition] = []
    for entry in books or ():
        body = as_table(entry.value, f"book {entry.key.value}", mistakes)
        if body is None:
            continue
        book = Keys(body, f"book {entry.key.value}", mistakes)
        book.text("title")
        known = book.table("editions")
        book.close()
        for order, item in enumerate(known or ()):
            row = as_table(item.value, f"edition {item.key.value}", mistakes)
            if row is None:
                continue
            edition = Keys(row, f"edition {item.key.value}", mistakes)
            title, year = edition.text("title"), edition.integer("year", required=False)
            confidence = read_confidence(edition)
            edition.close()
            if title is not None:
                editions.append(
                    Edition(
                        item.key.value, entry.key.value, order, title.value, year, confidence, item.key.span
                    )
                )
    return tuple(editions)
