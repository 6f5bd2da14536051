"""The inbox: a folder a file, named as its sender named it as far as that is a name; nothing stays for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.inbox import Inbox

NOON = 1_790_000_000_000
DAY = 86_400_000


def _arrives(inbox: Inbox, name: str, size: int = 3) -> Path:
    place = inbox.folder()
    place.mkdir(parents=True)
    file = place / "file_1.bin"
    file.write_bytes(bytes(size))
    return inbox.named(file, name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("my data.csv", "my data.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\데이터.csv", "데이터.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        (".hidden", "hidden"),
        ("", "file_1.bin"),
        ("..", "file_1.bin"),
        ("x" * 300 + ".csv", "x" * 80 + ".csv"),
    ],
)
def test_a_file_is_named_as_its_sender_named_it(tmp_path: Path, name: str, kept: str) -> None:
    file = _arrives(Inbox(tmp_path, lambda: NOON), name)
    assert (file.name, file.parent.parent) == (kept, tmp_path)


def test_what_is_dropped_is_gone_and_only_that(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "in", lambda: NOON)
    one, other = _arrives(inbox, "a.csv"), _arrives(inbox, "a.csv")
    (tmp_path / "mine.csv").write_text("x")
    inbox.drop(one)
    inbox.drop(tmp_path / "mine.csv")
    assert (one.exists(), other.exists(), (tmp_path / "mine.csv").exists()) == (False, True, True)


def test_old_files_and_strays_go_and_the_oldest_where_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOON
    inbox = Inbox(tmp_path, lambda: now)
    old = _arrives(inbox, "old.csv")
    now += DAY - 1
    older, newer = _arrives(inbox, "a.csv", 600), None
    (tmp_path / "stray.csv").write_text("x")
    inbox.tidy()
    assert (old.exists(), older.exists(), (tmp_path / "stray.csv").exists()) == (True, True, False)
    now += 2
    newer = _arrives(inbox, "b.csv", 600)
    monkeypatch.setattr("bot.inbox._MOST_BYTES", 9_000)
    inbox.tidy()
    assert (old.exists(), newer.exists()) == (False, True)
    monkeypatch.setattr("bot.inbox._MOST_BYTES", 1)
    inbox.tidy()
    assert list(tmp_path.iterdir()) == []
    Inbox(tmp_path / "none", lambda: NOON).tidy()
