"""What was generated: counts of the tables that this installation was made from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast


@dataclass(frozen=True, slots=True)
class Generated:
    """How much there is. ``files`` and ``inputs`` are known in a checkout only, where the manifest is."""

    classes: int
    versions: int
    attributes: int
    methods: int
    messages: int
    named_codes: int
    files: int | None
    inputs: int | None


def generated() -> Generated:
    """Count what this installation has."""
    from cosem.apdu import CosemPduTag
    from cosem.model import CATALOGUE
    from cosem.obis import find

    every = [CATALOGUE[key] for key in CATALOGUE]
    inputs, files = _manifest()
    return Generated(
        classes=len({cls.CLASS_ID for cls in every}),
        versions=len(every),
        attributes=sum(len(cls.ATTRIBUTES) for cls in every),
        methods=sum(len(cls.METHODS) for cls in every),
        messages=len(CosemPduTag),
        named_codes=len(find("")),
        files=files,
        inputs=inputs,
    )


def _manifest() -> tuple[int | None, int | None]:
    """Inputs and outputs that the manifest beside the generated packages lists."""
    import cosem.model

    root = Path(cosem.model.__file__ or "").parents[2]
    try:
        manifest: object = json.loads((root / "MANIFEST.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None, None
    return _length(manifest, "inputs"), _length(manifest, "outputs")


def _length(manifest: object, key: str) -> int | None:
    if not isinstance(manifest, dict):
        return None
    listed = cast("dict[str, object]", manifest).get(key)
    return len(cast("dict[str, object]", listed)) if isinstance(listed, dict) else None
