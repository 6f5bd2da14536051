"""The terminal: what is printed, and what is understood of what is typed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from bot.channel import Button, ChannelError, Gone, Incoming, Message, PictureFile, Span, Unchanged
from bot.channels.terminal import Listener, Terminal
from handlers.talk import Command, Press, Said, Sent

SPICY = Message(
    "🍲 Spicy?\nIs it?",
    [Span("bold", 10, 6)],
    [[Button("Spicy 🌶", "a.0.0"), Button("Mild", "a.0.1")], [Button("Skip", "a.1.0")]],
)
SCALE = Message("How good?", (), [[Button(str(n), f"b.0.{n}") for n in range(4)], [Button("Skip", "b.1.0")]])


@dataclass
class Talk:
    """A terminal, what it printed, and what the bot heard."""

    terminal: Terminal
    listener: Listener
    out: io.StringIO
    heard: list[Incoming]

    def printed(self) -> str:
        """What was printed since the last look."""
        text = self.out.getvalue()
        self.out.seek(0)
        self.out.truncate()
        return text


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    out = io.StringIO()
    terminal = Terminal(Console(file=out, width=80), tmp_path / "out", "run1")
    heard: list[Incoming] = []

    async def hear(incoming: Incoming) -> None:
        heard.append(incoming)

    return Talk(terminal, Listener(terminal, hear, "kim-worker", "ko", lambda: 7), out, heard)


async def test_a_message_is_printed_with_numbered_keys(talk: Talk) -> None:
    posted = await talk.terminal.send("c", SPICY)
    assert talk.printed() == "\n🍲 Spicy?\nIs it?\n[1] Spicy 🌶   [2] Mild\n[3] Skip\n"
    assert posted.id == "run1-1"


async def test_a_number_presses_its_key(talk: Talk) -> None:
    posted = await talk.terminal.send("c", SPICY)
    await talk.listener.typed(" 2\n")
    incoming = talk.heard[0]
    assert incoming.event.heard == Press("a.0.1")
    assert (incoming.message_id, incoming.press, incoming.chat) == (posted.id, incoming.event.id, "kim-worker")
    assert (incoming.event.sender.channel, incoming.event.sender.language, incoming.event.at) == ("terminal", "ko", 7)


async def test_a_label_in_brackets_presses_its_key(talk: Talk) -> None:
    await talk.terminal.send("c", SPICY)
    await talk.listener.typed("[Spicy 🌶]")
    assert talk.heard[0].event.heard == Press("a.0.0")


async def test_keys_that_are_numbers_are_pressed_by_themselves(talk: Talk) -> None:
    await talk.terminal.send("c", SCALE)
    assert talk.printed().endswith("[0]   [1]   [2]   [3]\n[4] Skip\n")
    for typed in ("0", "3", "4"):
        await talk.listener.typed(typed)
    assert [one.event.heard for one in talk.heard] == [Press("b.0.0"), Press("b.0.3"), Press("b.1.0")]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/tasks", Command("tasks")),
        ("/Start  deep link ", Command("start", "deep link")),
        ("hello there", Said("hello there")),
        ("9", Said("9")),
        ("\\2", Said("2")),
        ("\\/tasks", Said("/tasks")),
        ("/", Said("/")),
        ("한국어로 답해요", Said("한국어로 답해요")),
    ],
)
async def test_what_is_typed_is_understood(talk: Talk, typed: str, heard: object) -> None:
    await talk.terminal.send("c", SPICY)
    await talk.listener.typed(typed)
    assert [one.event.heard for one in talk.heard] == [heard]


async def test_an_empty_line_is_nothing(talk: Talk) -> None:
    await talk.listener.typed("  \n")
    assert talk.heard == []


async def test_events_have_ids_of_their_own(talk: Talk) -> None:
    await talk.listener.typed("a")
    await talk.listener.typed("a")
    assert len({one.event.id for one in talk.heard}) == 2


async def test_an_edit_is_drawn_again_and_moves_the_keys(talk: Talk) -> None:
    posted = await talk.terminal.send("c", SPICY)
    talk.printed()
    assert (await talk.terminal.edit("c", posted.id, SCALE)).id == posted.id
    assert "How good?" in talk.printed()
    await talk.listener.typed("2")
    assert talk.heard[0].event.heard == Press("b.0.2")


async def test_an_edit_without_change_or_of_an_unknown_message_is_told(talk: Talk) -> None:
    posted = await talk.terminal.send("c", SPICY)
    with pytest.raises(Unchanged):
        await talk.terminal.edit("c", posted.id, SPICY)
    with pytest.raises(Gone):
        await talk.terminal.edit("c", "run0-1", SPICY)


async def test_keys_of_a_deleted_message_are_gone(talk: Talk) -> None:
    posted = await talk.terminal.send("c", SPICY)
    await talk.terminal.delete("c", posted.id)
    await talk.terminal.delete("c", posted.id)
    await talk.listener.typed("1")
    assert talk.heard[0].event.heard == Said("1")


async def test_a_note_leaves_the_keys_where_they_are(talk: Talk) -> None:
    await talk.terminal.send("c", SPICY)
    await talk.terminal.send("c", Message("By the way"))
    await talk.listener.typed("1")
    assert talk.heard[0].event.heard == Press("a.0.0")


async def test_a_toast_is_a_line_and_none_is_none(talk: Talk) -> None:
    await talk.terminal.answer("1", "✓ Spicy")
    await talk.terminal.answer("2", "")
    assert talk.printed() == "· ✓ Spicy\n"


async def test_a_picture_is_its_path_and_what_it_shows(talk: Talk) -> None:
    await talk.terminal.send("c", Message("What is it?", picture=PictureFile("ab", Path("/m/ab.jpg"), None, "a bowl")))
    assert talk.printed() == "\n🖼  /m/ab.jpg (a bowl)\nWhat is it?\n"
    await talk.terminal.album("c", [PictureFile("ab", Path("/m/ab.jpg")), PictureFile("cd", Path("/m/cd.jpg"))])
    assert talk.printed() == "\n🖼  /m/ab.jpg\n\n🖼  /m/cd.jpg\n"


async def test_items_cannot_command_the_terminal(talk: Talk) -> None:
    await talk.terminal.send("c", Message("a\x1b[2Jb\x07 [bold]c[/bold]", (), [[Button("\x1b]0;x", "a.0.0")]]))
    printed = talk.printed()
    assert "\x1b" not in printed
    assert "\x07" not in printed
    assert "[bold]c[/bold]" in printed


async def test_spans_are_set_in_a_terminal(tmp_path: Path) -> None:
    out = io.StringIO()
    terminal = Terminal(Console(file=out, width=80, force_terminal=True, color_system="standard"), tmp_path, "r")
    await terminal.send("c", SPICY)
    assert "\x1b[1mIs it?\x1b[0m" in out.getvalue()


async def test_a_document_is_put_where_the_person_finds_it(talk: Talk, tmp_path: Path) -> None:
    source = tmp_path / "job-7.csv"
    source.write_text("a,b\n")
    await talk.terminal.document("c", source, "../results.csv")
    assert talk.printed() == f"\n📄 {tmp_path / 'out' / 'results.csv'}\n"
    assert (tmp_path / "out" / "results.csv").read_text() == "a,b\n"
    with pytest.raises(ChannelError):
        await talk.terminal.document("c", tmp_path / "none", "x")


async def test_a_file_is_sent_by_its_path(talk: Talk, tmp_path: Path) -> None:
    file = tmp_path / "my project.yaml"
    file.write_text("id: x\n")
    await talk.listener.typed(f"/file {file}")
    assert (talk.heard[0].event.heard, talk.heard[0].file) == (Sent("document", name="my project.yaml"), str(file))
    fetched = await talk.terminal.fetch(talk.heard[0].file, tmp_path / "in")
    assert fetched.read_text() == "id: x\n"
    with pytest.raises(ChannelError):
        await talk.terminal.fetch(str(tmp_path / "none"), tmp_path / "in")


async def test_a_picture_is_sent_as_a_photo_and_a_wrong_path_is_said(talk: Talk, tmp_path: Path) -> None:
    picture = tmp_path / "a.JPG"
    picture.write_bytes(b"")
    await talk.listener.typed(f"/file {picture}")
    await talk.listener.typed("/file /no/such/file")
    assert [(one.event.heard, one.file) for one in talk.heard] == [(Sent("photo", name="a.JPG"), str(picture))]
    assert talk.printed() == "· ? /no/such/file\n"
