"""A server of the machine takes the place of the wheel's where its programs are named, and a sentence says why not."""

from pathlib import Path

import pytest

from deploy.embedded.cluster import Cluster, require_version
from deploy.embedded.identity import AS_STARTED
from deploy.embedded.server_programs import ServerPrograms, bundled, chosen
from deploy.errors import DatabaseServerError, SettingsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of programs that say what a PostgreSQL 17 would."""
    made = tmp_path / "bin"
    made.mkdir()
    write(made / "postgres", "echo 'postgres (PostgreSQL) 17.4 (Debian 17.4-1)'")
    write(made / "initdb", f"echo 'VERSION=17.4' >&2; echo 'share_path={tmp_path}/share' >&2")
    return made


def write(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_the_wheel_s_are_taken_where_none_are_named() -> None:
    assert chosen(None) == bundled()
    assert chosen(None).path("postgres").is_file()


@pytest.mark.process
def test_the_named_ones_are_taken_where_they_can_be_used(folder: Path) -> None:
    assert (chosen(folder).version, chosen(folder).path("initdb")) == (17, folder / "initdb")


def test_a_folder_that_is_missing_or_holds_no_server_is_said_to_be_so(folder: Path, tmp_path: Path) -> None:
    expected = r"expected the folder with initdb and postgres, such as /usr/lib/postgresql/17/bin"
    with pytest.raises(SettingsError, match=rf"--postgres-bin \S+/nowhere: there is no such folder; {expected}"):
        chosen(tmp_path / "nowhere")
    (folder / "initdb").unlink()
    with pytest.raises(SettingsError, match=rf"--postgres-bin \S+/bin: it holds no initdb; {expected}"):
        chosen(folder)


@pytest.mark.process
def test_a_server_that_the_schema_cannot_use_is_refused_with_its_version(folder: Path) -> None:
    write(folder / "postgres", "echo 'postgres (PostgreSQL) 14.11'")
    with pytest.raises(SettingsError, match="this is PostgreSQL 14; expected 15 or later"):
        chosen(folder)


@pytest.mark.process
@pytest.mark.parametrize(
    ("script", "sentence"),
    [("echo 'no libicu' >&2; exit 127", "does not run here: no libicu"), ("echo hello", "is no PostgreSQL")],
)
def test_a_program_that_is_no_server_here_is_named(folder: Path, script: str, sentence: str) -> None:
    write(folder / "postgres", script)
    with pytest.raises(DatabaseServerError, match=rf"bin/postgres {sentence}"):
        chosen(folder)


@pytest.mark.process
def test_a_program_that_cannot_be_run_is_named(folder: Path) -> None:
    (folder / "postgres").write_text("of another machine")
    with pytest.raises(DatabaseServerError, match="bin/postgres does not run here: Exec format error"):
        chosen(folder)


@pytest.mark.process
@pytest.mark.parametrize(
    ("control", "version"),
    [
        ("comment = 'scalable inserts'\ndefault_version = '2.20.1'\n", "2.20.1"),
        ("default_version = '2.17.2'\n", None),
        (None, None),
    ],
    ids=["new enough", "too old", "absent"],
)
def test_timescaledb_is_found_where_the_server_has_one_that_can_be_used(
    folder: Path, tmp_path: Path, control: str | None, version: str | None
) -> None:
    if control is not None:
        (tmp_path / "share" / "extension").mkdir(parents=True)
        (tmp_path / "share" / "extension" / "timescaledb.control").write_text(control)
    assert chosen(folder).timescaledb(AS_STARTED) == version


@pytest.mark.process
def test_a_server_that_has_timescaledb_is_told_to_load_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "home" / "cluster").mkdir(parents=True)
    cluster = Cluster(tmp_path / "home", AS_STARTED, ServerPrograms(folder))
    written = cluster.data / "postgresql.conf"
    cluster.configure(5432)
    assert "timescaledb" not in written.read_text()
    (tmp_path / "share" / "extension").mkdir(parents=True)
    (tmp_path / "share" / "extension" / "timescaledb.control").write_text("default_version = '2.20.1'\n")
    cluster.configure(5432)
    _, after = written.read_text().split("shared_preload_libraries = 'timescaledb'\n")
    assert "include_if_exists = 'custom.conf'" in after  # what the operator sets comes last, and holds


@pytest.mark.process
def test_a_database_of_another_major_version_is_refused_with_the_way_out(folder: Path, tmp_path: Path) -> None:
    require_version(tmp_path, ServerPrograms(folder))  # there is none yet
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "PG_VERSION").write_text("16\n")
    with pytest.raises(
        DatabaseServerError, match=r"made by PostgreSQL 16, .* is 17: name its programs with --postgres-"
    ):
        require_version(tmp_path, ServerPrograms(folder))
    (tmp_path / "cluster" / "PG_VERSION").write_text(f"{bundled().version}\n")
    with pytest.raises(DatabaseServerError, match="leave out --postgres-bin"):
        require_version(tmp_path, ServerPrograms(folder))
