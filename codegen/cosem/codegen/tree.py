"""Build and check a generated tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cosem.codegen.emit import manifest as manifests
from cosem.codegen.emit.manifest import Manifest, digest_text, file_digest
from cosem.codegen.emit.sink import CompareSink, DiskSink, MemorySink, put_all
from cosem.codegen.pipeline import format_all, load_spec, render, schemas


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    files: int
    written: list[str]
    removed: list[str]


def build(spec: Path, root: Path, edition: str | None = None) -> Built:
    """Write the tree, and the schemas if it is the spec's own. Raises SpecError."""
    sources = render(load_spec(spec, edition))
    files = _formatted(sources, root)
    schema_sink, sink = DiskSink(spec), DiskSink(root)
    for path, text in schemas().items():
        schema_sink.put(path, text)
    put_all(sink, files)
    sink.put(manifests.NAME, _manifest(spec, edition, sources, files).dump())
    return Built(len(files), schema_sink.written + sink.written, sink.removed)


def check(spec: Path, root: Path) -> list[str]:
    """What a build would change, path by path; every file is rendered and formatted anew. Raises SpecError."""
    manifest = manifests.read_manifest(root)
    edition = manifest.edition if manifest and manifest.edition else None
    sources = render(load_spec(spec, edition))
    memory = MemorySink()
    put_all(memory, format_all(sources))
    schema_sink, sink = CompareSink(spec), CompareSink(root)
    for path, text in schemas().items():
        schema_sink.put(path, text)
    put_all(sink, memory.files)
    sink.put(manifests.NAME, _manifest(spec, edition, sources, memory.files).dump())
    return schema_sink.differences + sink.differences


def _manifest(
    spec: Path, edition: str | None, sources: Mapping[str, str], files: Mapping[str, str]
) -> Manifest:
    inputs = manifests.input_digests(spec) | {path: digest_text(text) for path, text in schemas().items()}
    outputs = {path: (digest_text(sources[path]), digest_text(text)) for path, text in files.items()}
    return Manifest(manifests.tool_digest(), edition or "", inputs, outputs)


def _formatted(sources: Mapping[str, str], root: Path) -> dict[str, str]:
    """Formatted sources; those that the last build formatted already are taken from disk."""
    last = manifests.read_manifest(root)
    known: Mapping[str, tuple[str, str]] = last.outputs if last else {}
    kept = {
        path: (root / path).read_text("utf-8")
        for path, text in sources.items()
        if path in known and known[path] == (digest_text(text), file_digest(root / path))
    }
    fresh = format_all({path: text for path, text in sources.items() if path not in kept})
    return {path: kept[path] if path in kept else fresh[path] for path in sources}
