"""Texts, captions and their formatting, as the Bot API takes and refuses them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.fakes.bot_api.params import Params
from tests.fakes.bot_api.refusal import bad

TEXT = 4096
CAPTION = 1024
MOST_ENTITIES = 100
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_KINDS = {*_TAGS.values(), "mention", "hashtag", "url", "email", "text_mention", "expandable_blockquote"}
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*")

Formatted = tuple[str, list[dict[str, Any]]]


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def formatted(params: Params, text: str, entities: str) -> Formatted:
    """The text after parsing, with its entities; nothing said yet of its length."""
    raw = params.text(text)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        plain, found = parse_html(raw)
    elif mode in {"", "none"}:
        plain, found = raw, params.json(entities, list, "message entities") or []
    else:
        raise bad("unsupported parse_mode")
    _check_entities(plain, found)
    return plain.rstrip(), found[:MOST_ENTITIES]


def message_text(params: Params) -> Formatted:
    """A message's text: not empty, at most 4,096 units."""
    if not params.text("text"):
        raise bad("message text is empty")
    text, entities = formatted(params, "text", "entities")
    if _INVISIBLE.fullmatch(text):
        raise bad("text must be non-empty")
    if units(text) > TEXT:
        raise bad("message is too long")
    return text, entities


def caption(params: Params) -> Formatted:
    """A caption: at most 1,024 units."""
    text, entities = formatted(params, "caption", "caption_entities")
    if units(text) > CAPTION:
        raise bad("message caption is too long")
    return text, entities


def _check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    encoded, end = text.encode("utf-16-le"), units(text)
    for entity in entities:
        _check_fields(entity)
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        if start >= end:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {start}")
        if stop > end:
            raise bad(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {stop}"
            )
        if any(0xDC <= encoded[2 * at + 1] < 0xE0 for at in (start, stop) if at < end):
            raise bad(f"entity begins in a middle of a UTF-16 symbol at byte offset {2 * start}")


def _check_fields(entity: object) -> None:
    if not isinstance(entity, dict):
        raise bad("can't parse MessageEntity: expected an Object")
    for name in ("type", "offset", "length"):
        if name not in entity:
            raise bad(f"can't parse MessageEntity: can't find field \"{name}\"")
    if entity["type"] not in _KINDS:
        raise bad("can't parse MessageEntity: unsupported type specified")
    if not (isinstance(entity["offset"], int) and isinstance(entity["length"], int)):
        raise bad('can\'t parse MessageEntity: field "offset" must be of type Number')
    if entity["offset"] < 0 or entity["length"] <= 0:
        raise bad(f"receive an entity with incorrect length {entity['length']}")


def parse_html(source: str) -> Formatted:
    """The few tags Telegram knows; anything else is refused, a stray ``<`` first of all."""
    out: list[str] = []
    opened: list[tuple[str, int]] = []
    entities: list[dict[str, Any]] = []
    at = 0
    for tag in re.finditer(r"<(/?)([^<>\s]*)([^<>]*)(>?)", source):
        where = len(source[: tag.start()].encode())
        out.append(unescape(source[at : tag.start()]))
        at = tag.end()
        closing, name, _, end = tag.groups()
        known = closing or name.lower() in _TAGS
        if not end and (known or tag.end(2) == len(source)):
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {where}")
        offset = units("".join(out))
        if closing:
            _close(name.lower(), where, offset, opened, entities)
        elif not known:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name.lower()}" at byte offset {where}')
        else:
            opened.append((name.lower(), offset))
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    out.append(unescape(source[at:]))
    return "".join(out), [entity for entity in entities if entity["length"]]


def _close(name: str, where: int, offset: int, opened: list[tuple[str, int]], entities: list[dict[str, Any]]) -> None:
    if not opened:
        raise bad(f"can't parse entities: Unexpected end tag at byte offset {where}")
    expected, start = opened.pop()
    if name != expected:
        raise bad(
            f"can't parse entities: Unmatched end tag at byte offset {where}, "
            f'expected "</{expected}>", found "</{name}>"'
        )
    entities.append({"type": _TAGS[name], "offset": start, "length": offset - start})
