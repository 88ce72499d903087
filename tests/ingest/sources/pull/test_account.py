"""The file of an account says what its service needs, and nothing else."""

from pathlib import Path

import pytest

from ingest.sources.pull.account import ServiceAccount, load
from ingest.sources.pull.errors import AccountError


def _account(folder: Path, text: str) -> ServiceAccount:
    (folder / "meters.yaml").write_text(text, encoding="utf-8")
    return load(folder, "meters", ["user", "password"], ["nif"])


def test_an_account_holds_its_secrets_and_where_its_service_is(tmp_path: Path) -> None:
    found = _account(tmp_path, "user: ana\npassword: '123'\nnif: X1\nurl: https://example.org/api/\n")
    assert (found.url, found.secrets) == ("https://example.org/api", {"user": "ana", "password": "123", "nif": "X1"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("user: ana\n", "lacks password; expected user, password; may have nif, url"),
        ("user: ana\npasword: x\n", "has pasword; expected user, password"),
        ("user: ana\npassword: ''\n", "lacks password"),
        ("user: ana\npassword: x\nurl: ftp://example.org\n", "expected a url that begins with https://"),
        ("- user\n", "lacks user, password"),
        ("user: [\n", "expected lines such as"),
    ],
)
def test_what_an_account_lacks_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(AccountError, match=sentence):
        _account(tmp_path, text)


def test_an_account_without_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(AccountError, match=r"account nobody: .*nobody\.yaml"):
        load(tmp_path, "nobody", [])
