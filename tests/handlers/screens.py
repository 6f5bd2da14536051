"""Screens rendered as a channel would show them, and what must hold of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.channel import Message, PictureFile
from bot.render import message, toast, units
from bot.translate import Translator
from handlers.talk import Note, Sample, Screen, Show, Toast, Turn
from tasks.words import Join, Text

LANGUAGES = ("en", "ko")
_FIELD = re.compile(r"\{\w*\}")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]{3,}")
_TEXT, _CAPTION, _MOST_BUTTONS, _DATA, _LABEL = 4096, 1024, 100, 12, 64
_LATEST_SERIAL = 36**6 - 1


def render(screen: Screen, translator: Translator, language: str) -> Message:
    """The screen as late in a conversation as its keys' data can say."""
    picture = PictureFile(screen.picture.content, Path("x")) if screen.picture else None
    return message(screen, _LATEST_SERIAL, translator, language, "Asia/Seoul", None, picture)


def texts(words: Any) -> Iterator[Text]:
    """All sentences of ours in some words."""
    if isinstance(words, Text):
        yield words
        for value in words.values.values():
            yield from texts(value)
    elif isinstance(words, Join):
        for part in words.parts:
            yield from texts(part)


def faults(screen: Screen, translator: Translator, language: str) -> list[str]:
    """What is wrong with a screen in a language; empty when nothing is."""
    shown = render(screen, translator, language)
    buttons = [button for row in shown.buttons for button in row]
    said = [line.words for line in screen.lines] + [key.words for row in screen.keys for key in row]
    found = [f"a field is left: {text}" for text in [shown.text, *(b.label for b in buttons)] if _FIELD.search(text)]
    found += [f"empty button: {button}" for button in buttons if not button.label.strip()]
    found += [f"long label: {button.label}" for button in buttons if units(button.label) > 2 * _LABEL]
    found += [f"data: {button.data}" for button in buttons if len(button.data.encode()) > _DATA]
    found += ["two keys with the same data"] if len({b.data for b in buttons}) < len(buttons) else []
    found += ["too many buttons"] if len(buttons) > _MOST_BUTTONS else []
    found += ["too wide"] if any(len(row) > 8 for row in shown.buttons) else []
    found += ["empty"] if not shown.text.strip() else []
    found += ["too long"] if units(shown.text) > (_CAPTION if screen.picture else _TEXT) else []
    found += [f"ends beyond the text: {span}" for span in shown.spans if span.offset + span.length > units(shown.text)]
    found += [one for words in said for text in texts(words) for one in untranslated(text, translator, language)]
    return found


def untranslated(text: Text, translator: Translator, language: str) -> list[str]:
    """A sentence of ours that stays English for somebody who reads Korean."""
    said = translator.words(text, language)
    needs_none = language == "en" or not _LATIN.search(_FIELD.sub("", text.message))
    return [] if needs_none or _HANGUL.search(said) else [f"not in {language}: {said}"]


def faults_of_turn(turn: Turn, translator: Translator, language: str) -> list[str]:
    """What is wrong with all that a turn shows and says."""
    found: list[str] = []
    for action in turn.actions:
        if isinstance(action, Show):
            found += faults(action.screen, translator, language)
        elif isinstance(action, Toast):
            said = toast(action.words, translator, language, "UTC")
            found += [f"toast: {said}"] if _FIELD.search(said) or not said.strip() or units(said) > 200 else []
            found += [one for text in texts(action.words) for one in untranslated(text, translator, language)]
        elif isinstance(action, Note):
            found += faults(Screen(action.lines), translator, language)
        elif isinstance(action, Sample):
            found += faults(action.screen, translator, action.language)
    return found
