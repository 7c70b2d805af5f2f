"""What the site needs beyond its pages: the navigation of the generated reference, and links out of docstrings."""

from __future__ import annotations

import json
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import cast

ROLE = re.compile(r":\w+:<code>(~?)([\w.]+)</code>")
LISTED = {"Reference": "reference/navigation.json"}
"""The entry of the navigation that stands for what its file lists."""


def on_config(config: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Put the titles of the reference where the navigation says so."""
    ((title, path),) = LISTED.items()
    listed = json.loads(Path(str(config["docs_dir"]), path).read_text("utf-8"))
    nav = cast("list[object]", config["nav"])
    config["nav"] = [{title: listed} if entry == LISTED else entry for entry in nav]
    return config


def on_page_content(html: str, **_: object) -> str:
    """Roles of reStructuredText become links; a double colon before a block a single one, or nothing if it is alone."""
    return ROLE.sub(_link, html).replace("<p>::</p>", "").replace("::</p>", ":</p>")


def _link(role: re.Match[str]) -> str:
    path = role[2]
    shown = path.rpartition(".")[2] if role[1] else path
    return f'<autoref identifier="{path}" optional><code>{shown}</code></autoref>'
