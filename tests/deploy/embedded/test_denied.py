"""What the broker dropped since nobody had the right to say it, from its log."""

from pathlib import Path

from deploy.embedded.denied import Denied, denied

TOLD = "[7] 2026/11/30 05:48:{} [ERR] 127.0.0.1:6 - mid:31 - {} - Publish Violation - Subject {}\n"
LOG = "".join(
    (
        TOLD.format("35.735005", '"meter-1"', '"pharos.v1.c.other.telemetry"'),
        "[7] 2026/11/30 05:48:36.035435 [INF] something else, Publish Violation of nobody\n",
        TOLD.format("41.179574", '"meter-1"', '"pharos.v1.c.other.telemetry"'),
        TOLD.format("42.000000", '"plug"', '"house.x//y.state"'),
    )
)


def test_messages_are_counted_by_client_and_topic(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    assert denied(log) == []
    log.write_text(LOG)
    assert denied(log) == [
        Denied("meter-1", "pharos/v1/c/other/telemetry", 2, "2026/11/30 05:48:41"),
        Denied("plug", "house/x.y/state", 1, "2026/11/30 05:48:42"),
    ]
