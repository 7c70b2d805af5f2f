"""``MANIFEST.json``: digests of what went in and of what came out.

With it an unchanged tree is recognised by hashing alone, without the libraries that rendering needs, and a
file whose source before black is unchanged need not be formatted again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

NAME = "MANIFEST.json"
_TOOL = Path(__file__).resolve().parent.parent
_TOOL_FILES = ("*.py", "*.j2", "*.lark")
_SPEC_FILES = ("*.yaml", "*.asn", "*.json")


@dataclass(frozen=True, slots=True)
class Manifest:
    """``tool`` and ``inputs`` are digests of the generator and of the spec's files; ``outputs`` maps each generated
    path to the digest of its source before black and of the file itself.
    """

    tool: str
    edition: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, tuple[str, str]]

    def dump(self) -> str:
        """The text of the file."""
        body = {
            "about": "Written by cosem-codegen build; do not edit.",
            "tool": self.tool,
            "edition": self.edition,
            "inputs": dict(sorted(self.inputs.items())),
            "outputs": {path: " ".join(pair) for path, pair in sorted(self.outputs.items())},
        }
        return json.dumps(body, indent=1) + "\n"


def read_manifest(root: Path) -> Manifest | None:
    """The manifest of a generated tree; None if there is none that can be read."""
    try:
        body = cast("object", json.loads((root / NAME).read_text("utf-8")))
    except (OSError, ValueError):
        return None
    fields = _strings(body)
    inputs, outputs = _strings(fields.get("inputs")), _strings(fields.get("outputs"))
    pairs = {path: str(pair).partition(" ") for path, pair in outputs.items()}
    return Manifest(
        str(fields.get("tool", "")),
        str(fields.get("edition", "")),
        {path: str(digest) for path, digest in inputs.items()},
        {path: (raw, text) for path, (raw, _, text) in pairs.items()},
    )


def _strings(body: object) -> dict[str, object]:
    return cast("dict[str, object]", body) if isinstance(body, dict) else {}


def digest(octets: bytes) -> str:
    """The digest of one file."""
    return hashlib.blake2b(octets, digest_size=16).hexdigest()


def digest_text(text: str) -> str:
    """The digest of a file that holds ``text``."""
    return digest(text.encode())


def tool_digest() -> str:
    """The digest of the generator itself: its code, templates and grammars."""
    files = _digests(_TOOL, _TOOL_FILES)
    return digest("\n".join(f"{path} {found}" for path, found in sorted(files.items())).encode())


def input_digests(spec: Path) -> dict[str, str]:
    """The digests of a spec folder's files."""
    return _digests(spec, _SPEC_FILES)


def file_digest(path: Path) -> str:
    """The digest of a file on disk; empty if there is none."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


def is_current(manifest: Manifest, spec: Path, root: Path) -> bool:
    """Whether generator, spec and output are those that the manifest was written for."""
    return (
        manifest.tool == tool_digest()
        and manifest.inputs == input_digests(spec)
        and all(file_digest(root / path) == text for path, (_, text) in manifest.outputs.items())
    )


def _digests(folder: Path, patterns: Iterable[str]) -> dict[str, str]:
    found = (path for pattern in patterns for path in folder.rglob(pattern) if "_spec" not in path.parts)
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in found}
