"""What the site does with docstrings and with its navigation."""

from __future__ import annotations

from pathlib import Path

from docs.hooks import on_config, on_page_content


def test_roles_of_docstrings_become_links() -> None:
    shown = on_page_content("<p>See :class:<code>~cosem.core.limits.Limits</code>::</p>")
    link = '<autoref identifier="cosem.core.limits.Limits" optional><code>Limits</code></autoref>'
    assert shown == f"<p>See {link}:</p>"
    assert ">cosem.model</code>" in on_page_content(":mod:<code>cosem.model</code>")
    assert on_page_content("<p>::</p><pre>x</pre>") == "<pre>x</pre>"


def test_the_listed_pages_take_the_place_of_their_list(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "navigation.json").write_text('[{"Editions": "reference/editions.md"}]')
    nav: list[object] = [{"Home": "index.md"}, {"Reference": "reference/navigation.json"}]
    config = on_config({"docs_dir": str(tmp_path), "nav": nav})
    assert config["nav"] == [{"Home": "index.md"}, {"Reference": [{"Editions": "reference/editions.md"}]}]
