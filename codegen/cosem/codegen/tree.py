"""Build and check a generated tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cosem.codegen.devices import LeftOut
from cosem.codegen.emit import manifest as manifests
from cosem.codegen.emit.manifest import Manifest, digest_text, file_digest
from cosem.codegen.emit.sink import CompareSink, DiskSink, MemorySink, put_all
from cosem.codegen.passes.editions import split
from cosem.codegen.pipeline import PARTS, format_all, load_spec, render, schemas


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    files: int
    written: list[str]
    removed: list[str]
    left_out: tuple[LeftOut, ...]


def build(spec: Path, root: Path, edition: str = "") -> Built:
    """Write the tree, and the schemas if it is the spec's own. Raises SpecError.

    Packages are left alone that the last build made of the same inputs, and formatted files whose source is the same.
    """
    last = manifests.read_manifest(root)
    edition = "+".join(sorted(split(edition)))
    inputs = manifests.input_digests(spec)
    kept = _kept(last, inputs, edition, root)
    loaded = load_spec(spec, edition, PARTS.keys() - kept.keys())
    sources = render(loaded)
    files = _formatted(sources, last, root)
    texts = schemas()
    schema_sink, sink = DiskSink(spec), DiskSink(root)
    for path, text in texts.items():
        schema_sink.put(path, text)
    for path, text in files.items():
        sink.put(path, text)
    outputs = _outputs(sources, files)
    for package in kept.values():
        outputs |= package
    sink.finish(frozenset(outputs))
    sink.put(manifests.NAME, _manifest(edition, inputs, texts, outputs).dump())
    return Built(len(outputs), schema_sink.written + sink.written, sink.removed, loaded.left_out)


def check(spec: Path, root: Path) -> list[str]:
    """What a build would change, path by path; every file is rendered and formatted anew. Raises SpecError."""
    last = manifests.read_manifest(root)
    edition = last.edition if last else ""
    sources = render(load_spec(spec, edition))
    memory = MemorySink()
    put_all(memory, format_all(sources))
    texts = schemas()
    schema_sink, sink = CompareSink(spec), CompareSink(root)
    for path, text in texts.items():
        schema_sink.put(path, text)
    put_all(sink, memory.files)
    manifest = _manifest(edition, manifests.input_digests(spec), texts, _outputs(sources, memory.files))
    sink.put(manifests.NAME, manifest.dump())
    return schema_sink.differences + sink.differences


Outputs = dict[str, tuple[str, str]]
"""Path → the digests of its source before black and of the file."""


def _kept(last: Manifest | None, inputs: Mapping[str, str], edition: str, root: Path) -> dict[str, Outputs]:
    """The packages that stand as the last build wrote them, and that nothing has changed for."""
    if last is None or last.tool != manifests.tool_digest() or last.edition != edition:
        return {}
    changed = {
        path for path in inputs.keys() | last.inputs.keys() if inputs.get(path) != last.inputs.get(path)
    }
    found: dict[str, Outputs] = {}
    for part, folders in PARTS.items():
        outputs = {path: pair for path, pair in last.outputs.items() if path.startswith(f"cosem/{part}/")}
        intact = all(file_digest(root / path) == text for path, (_, text) in outputs.items())
        # What an older edition leaves out of the devices is said at every build.
        if part == "devices" and edition:
            continue
        if intact and not any(path.startswith((*folders, "editions.yaml")) for path in changed):
            found[part] = outputs
    return found


def _outputs(sources: Mapping[str, str], files: Mapping[str, str]) -> Outputs:
    return {path: (digest_text(sources[path]), digest_text(text)) for path, text in files.items()}


def _manifest(
    edition: str, inputs: Mapping[str, str], schema_texts: Mapping[str, str], outputs: Outputs
) -> Manifest:
    schema_digests = {path: digest_text(text) for path, text in schema_texts.items()}
    return Manifest(manifests.tool_digest(), edition, {**inputs, **schema_digests}, outputs)


def _formatted(sources: Mapping[str, str], last: Manifest | None, root: Path) -> dict[str, str]:
    """Formatted sources; those that the last build formatted already are taken from disk."""
    known: Mapping[str, tuple[str, str]] = last.outputs if last else {}
    kept = {
        path: (root / path).read_text("utf-8")
        for path, text in sources.items()
        if path in known and known[path] == (digest_text(text), file_digest(root / path))
    }
    fresh = format_all({path: text for path, text in sources.items() if path not in kept})
    return {path: kept[path] if path in kept else fresh[path] for path in sources}
