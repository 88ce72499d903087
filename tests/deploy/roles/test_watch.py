"""Who watches roles knows where they listen, also after a running stack has moved them."""

from pathlib import Path

import pytest

from deploy import settings
from deploy.roles.watch import Whereabouts


def test_addresses_are_read_again_only_when_the_stack_wrote_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PHAROS_ROLES", "PHAROS_DATA"):
        monkeypatch.delenv(name, raising=False)
    where = Whereabouts(tmp_path)
    assert where() == {}
    written = settings.running_stack(tmp_path)
    for port in (4001, 4002):
        fresh = tmp_path / "fresh"
        fresh.write_text(f"PHAROS_ROLES=ingest=127.0.0.1:{port}\n")
        fresh.replace(written)
        assert {role: str(address) for role, address in where().items()} == {"ingest": f"127.0.0.1:{port}"}
        assert where() is where()


def test_addresses_of_the_environment_need_no_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAROS_ROLES", "kpi=127.0.0.1:4003")
    assert [str(address) for address in Whereabouts(tmp_path)().values()] == ["127.0.0.1:4003"]
