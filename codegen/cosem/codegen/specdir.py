"""Where the spec is: the checkout's ``spec/`` first, the copy packed into an installed package second."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def find_spec() -> Path:
    """The spec folder. Raises FileNotFoundError."""
    in_tree = _PACKAGE.parent.parent.parent / "spec"
    for folder in (in_tree, _PACKAGE / "_spec"):
        if (folder / "editions.yaml").is_file():
            return folder
    raise FileNotFoundError(f"no spec folder, neither {in_tree} nor {_PACKAGE / '_spec'}")


def find_checkout() -> Path | None:
    """The root of the checkout; None where the package is installed."""
    root = _PACKAGE.parent.parent.parent
    return root if (root / "spec" / "editions.yaml").is_file() else None
