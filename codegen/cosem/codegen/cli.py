"""``cosem-codegen``: build, check, lint, diff, docs, schema, new-class, new-overlay.

Exit codes: 0 done, 1 mistakes in the spec, a tree that is not up to date or a difference that breaks, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cosem.codegen.emit.manifest import is_current, read_manifest
from cosem.codegen.errors import Mistake, Mistakes, SpecError
from cosem.codegen.specdir import find_checkout, find_spec

_FOLDERS = {"build": "generated", "check": "generated", "docs": "build/docs"}
"""Where a command works in a checkout unless told otherwise; the others need no folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    command: str = options.command
    try:
        spec: Path = options.spec or find_spec()
    except FileNotFoundError as error:
        parser.error(f"{error}; say where with --spec")
    checkout, usual = find_checkout(), _FOLDERS.get(command)
    root: Path | None = options.out or (checkout / usual if checkout and usual else None)
    if root is None and usual is not None:
        parser.error("there is no checkout around; say where with --out")
    if command == "build" and bool(options.overlay) != bool(options.package and options.out):
        parser.error("a package of your own needs --overlay, --package and --out together")
    # What is loaded lives until the end: looking for garbage in it takes a sixth of the time and finds none.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _run(command, options, spec, root or spec)
    except SpecError as error:
        for mistake in error.mistakes:
            print(_located(spec, mistake), file=sys.stderr)
        print(f"{len(error.mistakes)} mistakes", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read has left; what the interpreter still flushes at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    finally:
        if collecting:
            gc.enable()


def _run(command: str, options: argparse.Namespace, spec: Path, root: Path) -> int:
    # Imported where they are needed: the quick check must not pay for jinja2, lark and black.
    match command:
        case "build" if options.overlay:
            return _build_project(options, spec, root)
        case "build":
            from cosem.codegen.tree import build

            built = build(spec, root, "+".join(options.edition))
            for path in built.written:
                print(f"wrote {path}")
            for path in built.removed:
                print(f"removed {path}")
            for device in built.left_out:
                print(f"left out cosem.devices.{device.name}:")
                for mistake in device.mistakes:
                    print(f"  {_located(spec, mistake)}")
            print(f"{built.files} files, {len(built.written)} written, {len(built.removed)} removed")
            return 0
        case "check":
            return _check(spec, root, full=options.full)
        case "lint":
            return _lint(spec, rules=options.rules)
        case "diff":
            return _diff(options, spec)
        case "new-class" | "new-overlay":
            return _draft(command, options, spec)
        case "docs":
            from cosem.codegen.emit.docs import write_docs
            from cosem.codegen.pipeline import load_spec, load_whole

            written = write_docs(load_spec(spec), load_whole(spec, Mistakes()), root, options.examples)
            print(f"{written} files in {_shown(root)}")
            return 0
        case _:
            from cosem.codegen.pipeline import schemas

            for path, text in schemas().items():
                target = spec / path
                target.parent.mkdir(exist_ok=True)
                target.write_text(text, "utf-8")
                print(f"wrote {_shown(target)}")
            return 0


def _build_project(options: argparse.Namespace, spec: Path, root: Path) -> int:
    from cosem.codegen.project import build_project, is_package_name

    if not is_package_name(options.package):
        print(f"{options.package!r} is no package name; write one word in snake_case", file=sys.stderr)
        return 2
    files, written, removed = build_project(
        spec, options.overlay, options.package, root, "+".join(options.edition)
    )
    for path in written:
        print(f"wrote {path}")
    for path in removed:
        print(f"removed {path}")
    print(f"{files} files, {len(written)} written, {len(removed)} removed")
    return 0


def _diff(options: argparse.Namespace, spec: Path) -> int:
    from cosem.codegen.diff import Severity, as_json, compare, load_states

    found = compare(*load_states(options.old, options.new, spec))
    if options.json:
        print(as_json(found), end="")
    else:
        for difference in found:
            print(difference)
        counts = [sum(each.severity is severity for each in found) for severity in Severity]
        print(f"{counts[0]} additive, {counts[1]} changed, {counts[2]} breaking")
    return int(any(each.severity is Severity.BREAKING for each in found))


def _draft(command: str, options: argparse.Namespace, spec: Path) -> int:
    from cosem.codegen.scaffold import new_class, new_overlay

    try:
        if command == "new-class":
            path = new_class(spec, options.id, options.name)
        else:
            path = new_overlay(spec, options.out or spec / "overlays", options.name)
    except (ValueError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"wrote {_shown(path)}")
    return 0


def _check(spec: Path, root: Path, *, full: bool) -> int:
    manifest = read_manifest(root)
    if not full and manifest is not None and is_current(manifest, spec, root):
        print(f"{len(manifest.outputs)} files are up to date")
        return 0
    from cosem.codegen.tree import check

    differences = check(spec, root)
    for difference in differences:
        print(difference, file=sys.stderr)
    if differences:
        print(f"{len(differences)} files are not up to date; run: cosem-codegen build", file=sys.stderr)
        return 1
    print("all files are up to date")
    return 0


def _lint(spec: Path, *, rules: bool) -> int:
    if rules:
        from cosem.codegen.passes.rules import RULES

        for rule, (what, why) in RULES.items():
            print(f"{rule}  {what}: {why}")
        return 0
    from cosem.codegen.pipeline import check_all_editions

    loaded = check_all_editions(spec)
    versions = sum(len(cls.versions) for cls in loaded.model.classes)
    for device in loaded.devices:
        if not device.overlay.ends:
            note = Mistake(device.overlay.span, "note: nothing says where its sources end; 'ends' does")
            print(_located(spec, note))
    print(f"no mistakes: {len(loaded.model.classes)} classes, {versions} class versions")
    return 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--spec", type=Path, metavar="DIR", help="the spec folder; the one of this checkout or package"
    )
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder; generated/ or build/docs/ of this checkout"
    )
    parser = argparse.ArgumentParser(
        prog="cosem-codegen", description="From the tables of the standard to typed Python."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", parents=[common, out], help="write the generated tree")
    build.add_argument(
        "--edition",
        metavar="ID",
        action="append",
        default=[],
        help="as this edition has it: bb14, gb9, or one of each book; of a book that is not named, the newest",
    )
    build.add_argument(
        "--overlay",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="overlays of your own; the last names the device",
    )
    build.add_argument("--package", metavar="NAME", help="write them as a package of this name into --out")
    check = commands.add_parser(
        "check", parents=[common, out], help="say whether the generated tree is up to date"
    )
    check.add_argument("--full", action="store_true", help="render everything, trust no manifest")
    lint = commands.add_parser("lint", parents=[common], help="check the spec alone")
    lint.add_argument("--rules", action="store_true", help="list the rules and their reasons")
    lint.set_defaults(out=None)
    diff = commands.add_parser(
        "diff", parents=[common], help="say what changed between two states of the spec"
    )
    for side in ("old", "new"):
        diff.add_argument(
            side, help="an edition, a git revision, a spec folder, an overlay file, or EDITION@ one of these"
        )
    diff.add_argument("--json", action="store_true", help="as a JSON array")
    diff.set_defaults(out=None)
    draft = commands.add_parser("new-class", parents=[common], help="write the draft of a class file")
    draft.add_argument("id", type=int, help="the class id")
    draft.add_argument("name", help="the name as the book spells it")
    draft.set_defaults(out=None)
    overlay = commands.add_parser("new-overlay", parents=[common], help="write the draft of an overlay")
    overlay.add_argument("name", help="its name in snake_case")
    overlay.add_argument("--out", type=Path, metavar="DIR", help="the folder; overlays/ of the spec")
    docs = commands.add_parser("docs", parents=[common, out], help="write the reference in Markdown")
    docs.add_argument(
        "--examples", type=Path, metavar="FILE", help="messages to explain; those of this checkout"
    )
    docs.set_defaults(examples=_examples())
    schema = commands.add_parser(
        "schema", parents=[common], help="write the JSON Schemas of the file formats"
    )
    schema.set_defaults(out=None)
    return parser


def _located(spec: Path, mistake: Mistake) -> str:
    """A mistake with its file as it is reached from here; an overlay of one's own is not in the spec folder."""
    span = mistake.span
    return f"{_shown(spec / span.file)}:{span.line}:{span.column}: {mistake.text}"


def _examples() -> Path | None:
    """The messages that the reference of this checkout explains; None where the package is installed."""
    checkout = find_checkout()
    return checkout and checkout / "docs" / "apdu_examples.yaml"


def _shown(path: Path) -> str:
    """A path as short as it can be written from here."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
