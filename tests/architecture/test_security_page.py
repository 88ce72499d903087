"""What the page of security promises: tests that exist, and no key or token in any file of the project."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRETS = {
    "a private key": rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}",
    "a key of a cloud": rb"\bAKIA[0-9A-Z]{16}\b",
    "a token of a forge": rb"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bglpat-[A-Za-z0-9_-]{20}\b",
    "a token of a chat": rb"\bxox[baprs]-[0-9A-Za-z-]{10,}",
    "a signed token": rb"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.",
}


def found_in(text: bytes) -> list[str]:
    """Return what kinds of secrets a text holds."""
    return [kind for kind, pattern in SECRETS.items() if re.search(pattern, text)]


def test_every_test_that_the_page_names_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    defined = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 30
    assert sorted(named - defined) == []


def test_no_file_of_the_project_holds_a_key_or_a_token() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout of git, which knows the files of the project")
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    assert len(files) > 1000
    told = {
        str(file.relative_to(ROOT)): kinds
        for file in files
        if file.is_file() and (kinds := found_in(file.read_bytes()))
    }
    assert told == {}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (b"-----BEGIN EC PRIVATE " + b"KEY-----\nMHcCAQEEIBkgZ2VuZXJhdGVk", ["a private key"]),
        (b"token: gh" + b"p_" + b"a1B2" * 9, ["a token of a forge"]),
        (b"-----BEGIN CERTIFICATE-----\nMHcCAQEEIBkgZ2VuZXJhdGVk", []),
    ],
)
def test_a_secret_is_found_where_there_is_one(text: bytes, kinds: list[str]) -> None:
    assert found_in(text) == kinds
