"""The pages that are generated from the spec."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest
from tests.docs.pages import DOCS, pages, spec

from cosem.codegen.cli import main
from cosem.codegen.emit.docs import write_docs
from cosem.codegen.emit.docs_text import plain, table
from cosem.codegen.errors import SpecError

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*?)(?: \{ #([\w-]+) \})?$", re.M)
FENCE = re.compile(r"^( *)```.*?^\1```", re.M | re.S)


def rows(page: str, begin: str) -> list[list[str]]:
    found = [line for line in page.splitlines() if line.startswith(f"| {begin} |")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found]


def test_every_class_has_a_page_with_all_its_versions_side_by_side() -> None:
    for cls in spec().model.classes:
        page = pages()[f"reference/classes/{PurePosixPath(cls.file).stem}.md"]
        head = next(line for line in page.splitlines() if line.startswith("|  | name | version "))
        assert [f"version {version.number}" in head for version in cls.versions] == [True] * len(cls.versions)
        for version in cls.versions:
            assert f"<code>{cls.python}V{version.number}</code>" in page
            for name in [row.name for row in version.attributes] + [row.name for row in version.methods]:
                assert f"<code>{name}</code>" in page


def test_what_a_version_changes_is_marked_and_said() -> None:
    page = pages()["reference/classes/0007_profile_generic.md"]
    (_, _, before, after, _), *_ = rows(page, "3")
    assert "[CaptureObjectV0](#captureobjectv0)" in before
    assert "[CaptureObject](../types/structures.md#captureobject)" in after
    assert '<span class="change changed">' in after
    assert '<span class="change changed">' not in before
    assert "### Version 1 against version 0" in page
    said = "- Attribute 3 <code>capture_objects</code>: type <code>array<CaptureObjectV0></code> → "
    assert f"{said}<code>array<CaptureObject></code>" in unescape(page)
    assert '- Method 3 <code>get_buffer_by_range</code> <span class="change removed">' in page


def test_what_a_version_leaves_as_it_was_is_not_marked() -> None:
    (_, _, before, after, _), *_ = rows(pages()["reference/classes/0007_profile_generic.md"], "4")
    assert after == f'<span class="same">{before}</span>'


def test_what_is_less_than_sure_says_so() -> None:
    (_, _, before, after, _), *_ = rows(pages()["reference/classes/0007_profile_generic.md"], "2")
    assert 'title="confidence: medium"' in before
    assert "confidence" not in after


def test_types_have_their_members() -> None:
    page = pages()["reference/classes/0007_profile_generic.md"]
    assert "### SortMethod { #sortmethod }" in page
    assert "| 6 | <code>farthest_from_zero</code> |" in page
    units = pages()["reference/types/units.md"]
    assert "| 30 | <code>active_energy</code> | Wh |" in units


def test_an_edition_lists_what_it_brought() -> None:
    page = pages()["reference/editions.md"]
    part = page.partition("### Blue Book edition 12: what it brought")[2].partition("###")[0]
    assert "- Class 15, [Association LN](classes/0015_association_ln.md): version 3\n" in part


def test_an_overlay_names_the_source_of_each_fact() -> None:
    for device in spec().devices:
        page = pages()[f"reference/overlays/{device.overlay.name}.md"]
        documents = {each.document: each for overlay in device.overlays for each in overlay.sources}
        for row in device.objects:
            start = f"| <code>{row.pattern.text}</code> | <code>{row.name}</code><br>"
            said = next(line for line in page.splitlines() if line.startswith(start))
            source = documents[row.origin.document]
            assert f"<code>{source.key}</code> {plain(row.origin.place)}".strip() in said
            assert plain(source.title) in page.partition("## Sources")[2].partition("\n## ")[0]
        for change in device.changes:
            assert f"| {plain(change.verb)} | {plain(change.element)} | {plain(str(change.origin))} |" in page


def test_an_overlay_says_where_its_sources_end_and_where_those_end_that_it_stands_on() -> None:
    page = pages()["reference/overlays/kpz_m2m.md"]
    part = page.partition("## Where the sources end")[2].partition("## ")[0]
    below, own = part.strip().split("\n\n")
    assert below.startswith("[SPODES](spodes.md): Not told are which objects a meter must have (optional")
    assert own.startswith("What is written into the private objects is not public")


def test_an_overlay_shows_the_classes_and_types_that_it_adds_and_what_profiles_capture() -> None:
    for device in spec().devices:
        page = pages()[f"reference/overlays/{device.overlay.name}.md"]
        books = {cls.id for cls in spec().model.classes}
        added = [cls for cls in device.model.classes if cls.id not in books]
        own = [each for overlay in device.overlays for each in overlay.types]
        for cls in added:
            assert f"### {cls.name}\n\nClass {cls.id}." in page
        for definition in (*own, *(each for cls in added for each in cls.types)):
            assert f"### {definition.name} {{ #{definition.name.lower()} }}" in page
        for row in device.objects:
            assert all(f"<code>{column.text}</code>" in page for column in row.columns)


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page() -> None:
    def paths(node: object) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            for below in node.values():
                yield from paths(below)
        elif isinstance(node, list):
            for below in node:
                yield from paths(below)

    listed = list(paths(json.loads(pages()["reference/navigation.json"])))
    assert sorted(listed) == sorted(path for path in pages() if path.endswith(".md"))


def test_links_lead_to_pages_and_headings_that_there_are() -> None:
    texts = {path: text for path, text in pages().items() if path.endswith(".md")}
    for file in [DOCS / "index.md", *(DOCS / "guides").glob("*.md"), *(DOCS / "python").glob("*.md")]:
        texts[file.relative_to(DOCS).as_posix()] = file.read_text("utf-8")
    anchors = {path: set(_anchors(text)) for path, text in texts.items()}
    wrong: list[str] = []
    for path, text in texts.items():
        for link in LINK.findall(FENCE.sub("", text)):
            if link.startswith("https://"):
                continue
            target, _, name = link.partition("#")
            target = target.partition("?")[0]
            page = normpath(f"{PurePosixPath(path).parent}/{target}") if target else path
            if page not in texts or (name and name not in anchors[page]):
                wrong.append(f"{path}: {link}")
    assert wrong == []


def _anchors(text: str) -> Iterator[str]:
    for title, given in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"[^\w\s-]", "", title).strip().lower()
        yield given or re.sub(r"[-\s]+", "-", words)


def test_columns_without_anything_are_left_out() -> None:
    assert (
        table(("a", "=b", "c"), [("1", "", "3"), ("4", "", "")])
        == "| a | c |\n|---|---|\n| 1 | 3 |\n| 4 |  |"
    )


def test_text_of_the_spec_is_never_markup() -> None:
    said = plain("a|b <script> *c* [d](e) `f`\ng {h}")
    assert not set(said) & set("|<>*[]`{}\n")


def test_an_example_that_is_no_message_is_a_mistake_with_its_place(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "Get-Request-Normal: {octets: C0 01 C1, doc: Too short.}\nGet-Nothing: {octets: C0, doc: No.}\n"
    )
    with pytest.raises(SpecError) as caught:
        write_docs(spec(), spec(), tmp_path / "out", wrong)
    said = [str(mistake) for mistake in caught.value.mistakes]
    assert said[0].startswith("wrong.yaml:1:1: example of Get-Request-Normal: the message ends early")
    assert said[1].startswith("wrong.yaml:2:1: Get-Nothing is no message; there are ")
    assert not (tmp_path / "out").exists()


def test_the_command_writes_the_pages(tmp_path: Path) -> None:
    assert main(["docs", "--out", str(tmp_path)]) == 0
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(pages())
