"""What the server said in English is told in another language: read back by the console's own script, run by Node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from kpi_engine.api.console import FOLDER
from kpi_engine.texts.catalogue import document

SCRIPT: Final = """
globalThis.location = { search: "?lang=da", href: "http://pharos/" };
globalThis.localStorage = { getItem: () => null, setItem: () => null };
Object.defineProperty(globalThis, "navigator", { value: { languages: [] }, configurable: true });
globalThis.document = { documentElement: {} };
const [path, catalogue, ...sentences] = JSON.parse(await new Response(process.stdin).text());
globalThis.fetch = async () => ({ ok: true, json: async () => JSON.parse(catalogue) });
const { told } = await import(path);
console.log(JSON.stringify(sentences.map(told)));
"""
TOLD: Final = {
    "2025 has no figure; 2025 cannot be compared with: 2025 has no figure; 2024 cannot be compared with: 2024 has no "
    "figure": (
        "2025 har intet tal; der kan ikke sammenlignes med 2025: 2025 har intet tal; "
        "der kan ikke sammenlignes med 2024: 2024 har intet tal"
    ),
    "2025-01 to 2025-03: 12 MWh, to be at most 11 MWh (3.2% more): these months were 41.0% of 2019": (
        "2025-01\u20132025-03: 12 MWh, skal være højst 11 MWh (3,2 % mere): disse måneder var 41,0 % af 2019"
    ),
    "12 of 30 days count; 2025-01-01: its temperature is not known; and 3 more": (
        "12 af 30 dage tæller; 2025-01-01: dens temperatur er ukendt; og 3 flere"
    ),
    "There is no site 'x' in harbour.": "Der er intet sted 'x' i harbour.",
    "1,234.5": "1.234,5",
    "2025": "2025",
    "what nobody declared": "what nobody declared",
}

pytestmark = pytest.mark.process


def test_sentences_within_sentences_numbers_and_years_are_told_in_danish(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("nobody read sentences back: there is no Node here")
    module = tmp_path / "texts.mjs"
    module.write_text((FOLDER / "texts.js").read_text(encoding="utf-8"), encoding="utf-8")
    asked = json.dumps([module.as_uri(), document("da").decode(), *TOLD])
    command = [node, "--input-type=module", "--eval", SCRIPT]
    answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == list(TOLD.values())
