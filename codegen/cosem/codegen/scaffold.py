"""First drafts of spec files, in the right place and without mistakes."""

from __future__ import annotations

import json
from pathlib import Path

from cosem.codegen.emit.env import environment
from cosem.codegen.ir.names import is_snake, snake
from cosem.codegen.load.classes import FILE_NAME


def new_class(spec: Path, class_id: int, name: str) -> Path:
    """Write the draft of a class file; gives its path.

    Raises ValueError if the id or the name cannot be, FileExistsError if the class is described already.
    """
    folder = spec / "classes"
    path = folder / f"{class_id:04}_{snake(name)}.yaml"
    if not 0 <= class_id <= 0xFFFF:
        raise ValueError(f"class id {class_id} is not from 0 to 65535")
    if not name.isprintable() or (class_id < 10_000 and FILE_NAME.fullmatch(path.name) is None):
        raise ValueError(f"{name!r} makes no file name; write words, as in 'Profile generic'")
    for known in folder.glob(f"{class_id:04}_*.yaml"):
        raise FileExistsError(f"class {class_id} is described in {known.name} already")
    return _write(path, "new_class.yaml.j2", class_id=class_id, name=json.dumps(name, ensure_ascii=False))


def new_overlay(spec: Path, folder: Path, name: str) -> Path:
    """Write the draft of an overlay into ``folder``; gives its path.

    Raises ValueError if the name is not in snake_case, FileExistsError if there is a file of that name.
    """
    if not is_snake(name):
        raise ValueError(f"{name!r} is not in snake_case")
    path = folder / f"{name}.yaml"
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    schema = spec / "schema" / "overlay.schema.json"
    inside = folder.resolve() == (spec / "overlays").resolve()
    return _write(
        path,
        "new_overlay.yaml.j2",
        name=name,
        title=name.replace("_", " ").capitalize(),
        schema=f"../schema/{schema.name}" if inside else schema.resolve().as_uri(),
    )


def _write(path: Path, template: str, **variables: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(environment().get_template(template).render(variables), "utf-8")
    return path
