"""What a person sees of each verb: over both libraries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.channel import Button, ChannelError, Gone, Message, PictureFile, Span, Unchanged
from tests.parity.conftest import Telegram, picture

KEYS = ((Button("Cat", "1.0.0"), Button("Dog", "1.0.1")), (Button("Skip", "1.1.0"),))


async def test_a_text_has_its_formatting_and_keys_and_no_link_preview(telegram: Telegram) -> None:
    ada = telegram.server.person(7)
    spans = (Span("bold", 3, 4), Span("italic", 8, 2), Span("quote", 11, 5))
    posted = await telegram.channel.send("7", Message("🦊 Bold it quote <b>&", spans, KEYS))
    assert (str(ada.last.id), ada.last.text) == (posted.id, "🦊 Bold it quote <b>&")
    assert [ada.last.styled(kind) for kind in ("bold", "italic", "blockquote")] == [["Bold"], ["it"], ["quote"]]
    assert ada.last.rows == [["Cat", "Dog"], ["Skip"]]
    (call,) = telegram.server.called("sendMessage")
    assert "parse_mode" not in call.values
    assert json.loads(call.values["link_preview_options"]) == {"is_disabled": True}


async def test_a_text_longer_than_the_limit_is_cut_by_utf16_units(telegram: Telegram) -> None:
    ada = telegram.server.person(7)
    await telegram.channel.send("7", Message("🦊" * 3000, (Span("bold", 0, 6000),)))
    assert ada.last.text == "🦊" * 2047 + "…"
    assert ada.last.styled("bold") == [ada.last.text]


async def test_a_blank_text_and_a_blank_key_are_shown_as_an_ellipsis(telegram: Telegram) -> None:
    ada = telegram.server.person(7)
    await telegram.channel.send("7", Message(" \u200b\n", buttons=((Button(" ", "1.0.0"),),)))
    assert (ada.last.text, ada.last.labels) == ("…", ["…"])


async def test_an_edit_replaces_text_and_keys_in_place(telegram: Telegram) -> None:
    ada = telegram.server.person(7)
    posted = await telegram.channel.send("7", Message("One", buttons=KEYS))
    assert await telegram.channel.edit("7", posted.id, Message("Two")) == posted
    assert (len(ada.messages), ada.last.text, ada.last.rows) == (1, "Two", [])


async def test_an_edit_that_changes_nothing_says_so(telegram: Telegram) -> None:
    telegram.server.person(7)
    posted = await telegram.channel.send("7", Message("One", buttons=KEYS))
    with pytest.raises(Unchanged):
        await telegram.channel.edit("7", posted.id, Message("One", buttons=KEYS))


async def test_what_was_deleted_or_is_too_old_is_gone(telegram: Telegram) -> None:
    ada = telegram.server.person(7)
    deleted, old = [await telegram.channel.send("7", Message("One")) for _ in range(2)]
    ada.clears(int(deleted.id))
    ada.freeze(int(old.id))
    for posted in (deleted, old):
        with pytest.raises(Gone):
            await telegram.channel.edit("7", posted.id, Message("Two"))


async def test_a_picture_is_uploaded_once_and_shown_by_its_handle_after(telegram: Telegram, tmp_path: Path) -> None:
    ada, ben = telegram.server.person(7), telegram.server.person(8)
    first = await telegram.channel.send("7", Message("Look", (Span("bold", 0, 4),), KEYS, picture(tmp_path)))
    assert first.handle == ada.last.photo != ""
    assert (ada.last.text, ada.last.styled("bold"), ada.last.labels) == ("Look", ["Look"], ["Cat", "Dog", "Skip"])
    again = await telegram.channel.send("8", Message("Look", picture=picture(tmp_path, handle=first.handle)))
    assert (again.handle, ben.last.photo) == (first.handle, first.handle)
    assert [len(call.files) for call in telegram.server.called("sendPhoto")] == [1, 0]


async def test_a_caption_is_cut_to_its_own_limit(telegram: Telegram, tmp_path: Path) -> None:
    ada = telegram.server.person(7)
    await telegram.channel.send("7", Message("x" * 2000, picture=picture(tmp_path)))
    assert ada.last.text == "x" * 1023 + "…"


async def test_a_picture_takes_the_place_of_a_text_and_of_a_picture(telegram: Telegram, tmp_path: Path) -> None:
    ada = telegram.server.person(7)
    posted = await telegram.channel.send("7", Message("Text", buttons=KEYS))
    red = await telegram.channel.edit("7", posted.id, Message("Red", (Span("bold", 0, 3),), KEYS, picture(tmp_path)))
    assert (red.id, ada.last.photo, ada.last.text, ada.last.styled("bold")) == (posted.id, red.handle, "Red", ["Red"])
    assert ada.last.labels == ["Cat", "Dog", "Skip"]
    blue = await telegram.channel.edit("7", posted.id, Message("Blue", picture=picture(tmp_path, "blue")))
    assert (len(ada.messages), ada.last.photo, ada.last.text) == (1, blue.handle, "Blue")
    shown = await telegram.channel.edit("7", posted.id, Message("Red", picture=picture(tmp_path, handle=red.handle)))
    assert (shown.handle, [len(call.files) for call in telegram.server.called("editMessageMedia")]) == (
        red.handle,
        [1, 1, 0],
    )


async def test_a_text_never_takes_the_place_of_a_picture(telegram: Telegram, tmp_path: Path) -> None:
    telegram.server.person(7)
    posted = await telegram.channel.send("7", Message("Look", picture=picture(tmp_path)))
    with pytest.raises(Gone):
        await telegram.channel.edit("7", posted.id, Message("Text"))


async def test_a_handle_that_is_not_known_any_more_is_replaced_by_an_upload(telegram: Telegram, tmp_path: Path) -> None:
    ada = telegram.server.person(7)
    stale = picture(tmp_path, handle="Photo-999999-AAQ")
    sent = await telegram.channel.send("7", Message("Look", picture=stale))
    assert sent.handle == ada.last.photo != stale.handle
    text = await telegram.channel.send("7", Message("Text"))
    edited = await telegram.channel.edit("7", text.id, Message("Look", picture=stale))
    assert edited.handle == ada.last.photo != stale.handle
    album = await telegram.channel.album("7", [stale, picture(tmp_path, "blue")])
    assert all(one.handle for one in album)


async def test_an_album_shows_its_pictures_together(telegram: Telegram, tmp_path: Path) -> None:
    ada = telegram.server.person(7)
    posted = await telegram.channel.album("7", [picture(tmp_path, colour) for colour in ("red", "green", "blue")])
    assert [str(message.id) for message in ada.messages] == [one.id for one in posted]
    assert [message.photo for message in ada.messages] == [one.handle for one in posted]


async def test_a_picture_whose_file_is_missing_fails_as_a_channel_does(telegram: Telegram, tmp_path: Path) -> None:
    telegram.server.person(7)
    with pytest.raises(ChannelError):
        await telegram.channel.send("7", Message("Look", picture=PictureFile("none", tmp_path / "none.png")))
    assert not telegram.server.called("sendPhoto")


async def test_a_file_is_sent_under_its_name(telegram: Telegram, tmp_path: Path) -> None:
    ada = telegram.server.person(7)
    path = tmp_path / "x1"
    path.write_text("id,label\n1,cat\n")
    await telegram.channel.document("7", path, "results.csv")
    document = ada.last.raw["document"]
    assert document["file_name"] == "results.csv"
    assert telegram.server.files.by_id[document["file_id"]].body == path.read_bytes()


async def test_a_message_is_deleted_and_one_that_is_gone_or_too_old_is_no_error(telegram: Telegram) -> None:
    ada = telegram.server.person(7)
    first, old = [await telegram.channel.send("7", Message("One")) for _ in range(2)]
    ada.freeze(int(old.id))
    for posted in (first, first, old):
        await telegram.channel.delete("7", posted.id)
    assert [str(message.id) for message in ada.messages] == [old.id]


async def test_a_file_that_a_person_sent_is_fetched(telegram: Telegram, tmp_path: Path) -> None:
    ada = telegram.server.person(7)
    await ada.sends_document(b"a,b\n1,2\n", "rows.csv", wait=False)
    (handle,) = [one.id for one in telegram.server.files.by_id.values()]
    path = await telegram.channel.fetch(handle, tmp_path / "in")
    assert path.parent == tmp_path / "in"
    assert path.read_bytes() == b"a,b\n1,2\n"


async def test_a_file_that_is_not_there_any_more_fails_as_a_channel_does(telegram: Telegram, tmp_path: Path) -> None:
    with pytest.raises(ChannelError):
        await telegram.channel.fetch("Document-000009-AAQ", tmp_path)
    file = telegram.server.files.add("Document", "rows.csv", b"x")
    known = telegram.server.files.path_of
    telegram.server.files.path_of = lambda file_id: {**known(file_id), "file_path": "documents/moved"}  # type: ignore[method-assign]
    with pytest.raises(ChannelError):
        await telegram.channel.fetch(file.id, tmp_path)


async def test_a_toast_is_shown_cut_to_its_limit_and_one_that_comes_too_late_is_no_error(telegram: Telegram) -> None:
    ada = telegram.server.person(7)
    telegram.server.methods.queries["55"] = ada.chat
    await telegram.channel.answer("55", "y" * 300)
    await telegram.channel.answer("55", "")
    await telegram.channel.answer("long ago", "Hello")
    assert ada.toasts == ["y" * 199 + "…"]
