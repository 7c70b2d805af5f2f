"""What mypy and pyright make of the verbs: the types of the model come through, and misuse is an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.model.test_typing import expected, mypy_lines, pyright_lines

CASES = Path(__file__).with_name("typing_cases")


@pytest.mark.parametrize("lines", [mypy_lines, pyright_lines], ids=["mypy", "pyright"])
def test_verbs_have_the_types_of_the_model_and_misuse_is_an_error(
    lines: Callable[[Path], list[int]], tmp_path: Path
) -> None:
    text = (CASES / "right.py").read_text("utf-8") + (CASES / "wrong.txt").read_text("utf-8")
    path = tmp_path / "verbs.py"
    path.write_text(text, "utf-8")
    assert len(expected(text)) == 12
    assert lines(path) == expected(text)
