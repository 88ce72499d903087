"""Logs stay bounded, and the demo city's progress is read from them."""

from pathlib import Path

from deploy.embedded.logs import KEPT, HistoryProgress, bound


def test_a_full_log_is_moved_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    with (tmp_path / "ingest.log").open("ab", buffering=0) as log:
        log.write(b"old\n" * 100)
        bound(tmp_path, max_bytes=100)
        log.write(b"new\n")
    assert (tmp_path / "ingest.log").read_bytes() == b"new\n"
    assert (tmp_path / "ingest.log.1").read_bytes() == b"old\n" * 100


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ingest.log").write_bytes(b"little\n")
    bound(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ingest.log"]


def test_only_the_last_few_are_kept(tmp_path: Path) -> None:
    for round_ in range(KEPT + 2):
        (tmp_path / "ingest.log").write_text(f"{round_}" * 10)
        bound(tmp_path, max_bytes=5)
    assert {path.name: path.read_text()[:1] for path in tmp_path.iterdir()} == {
        "ingest.log": "",
        "ingest.log.1": "4",
        "ingest.log.2": "3",
        "ingest.log.3": "2",
    }


def test_progress_is_announced_once_and_from_whole_lines_only(tmp_path: Path) -> None:
    log, news = tmp_path / "simulate.log", list[str]()
    log.write_text('{"event": "history", "percent": 1.0, "arrived": 1, "total": 100}\n')
    progress = HistoryProgress(log, news.append)
    with log.open("a") as writer:
        writer.write('not json\n{"event": "history", "percent": 10.0, "arrived": 1000, "total": 10000}\n{"event": "his')
        writer.flush()
        progress()
        progress()
        writer.write('tory", "percent": 20.0, "arrived": 2000, "total": 10000}\n')
        writer.flush()
        progress()
    assert news == [
        "the demo city's history: 10.0 % (1,000 of 10,000 messages), newest first",
        "the demo city's history: 20.0 % (2,000 of 10,000 messages), newest first",
    ]


def test_progress_goes_on_after_the_log_was_emptied(tmp_path: Path) -> None:
    log, news = tmp_path / "simulate.log", list[str]()
    log.write_text("x\n" * 1000)
    progress = HistoryProgress(log, news.append)
    log.write_text('{"event": "history", "percent": 30.0, "arrived": 3, "total": 10}\n')
    progress()
    assert len(news) == 1
