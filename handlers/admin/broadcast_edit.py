"""What a broadcast says: its texts by language, a second text to compare, a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.admin.broadcast_draft import changed, remember, shown
from handlers.flow import Visit, again, show
from handlers.talk import Key, Line, Screen, Sent, Start, State, Style, Turn
from tasks.outreach import broadcast, content
from tasks.outreach.broadcast import Draft
from tasks.words import Join, Words, _

_LETTERS = "AB"


def edit(visit: Visit, number: int, toast: Words | None = None) -> Turn:
    """What of it can be written again."""
    stands = broadcast.standing(visit.tx, number)
    variants = stands.draft.content.variants
    lines = [Line(_("What would you like to change?"), Style.STRONG)]
    keys = [
        [Key(_text_label(visit, at, code, variants), "broadcast.text", [number, at, code])]
        for at in range(len(variants))
        for code in visit.desk.languages
    ]
    if len(variants) == 1:
        second = Key(_("A second text, to compare"), "broadcast.text", [number, 1, visit.who.language or "en"])
        keys.append([second])
    else:
        keys.append([Key(_("Leave out the second text"), "broadcast.single", number)])
    keys += [
        [Key(_("Picture"), "broadcast.picture", number), Key(_("Keys"), "broadcast.keys", number)],
        [Key(_("Project"), "broadcast.project", [number, 0]), Key(_("Places"), "broadcast.places", number)],
        [Key(_("Back"), "broadcast.open", number)],
    ]
    return show(remember(visit, stands, "edit"), Screen(lines, keys), toast)


def _text_label(visit: Visit, at: int, code: str, variants: Sequence[Mapping[str, str]]) -> Words:
    name = visit.desk.languages[code]
    written = "✓ " if code in variants[at] or "" in variants[at] else ""
    if len(variants) == 1:
        return Join((written, _("Text · {language}", language=name)))
    return Join((written, _("Text {letter} · {language}", letter=_LETTERS[at], language=name)))


# --------------------------------------------------------------------------- texts


def text(visit: Visit, value: Sequence[Any]) -> Turn:
    """Asks for a text in one language."""
    number, variant, code = value
    stands = broadcast.standing(visit.tx, number)
    written = stands.draft.content.variants[variant] if variant < len(stands.draft.content.variants) else {}
    rows = [[Key(_("Back"), "broadcast.edit", number)]]
    if code in written and len(written) > 1:
        rows.insert(0, [Key(_("Leave this language out"), "broadcast.unwrite", [number, variant, code])])
    lines = asks_text(visit, code, picture=bool(stands.draft.content.picture), second=variant > 0)
    return show(remember(visit, stands, "text", ["text", variant, code]), Screen(lines, rows))


def asks_text(visit: Visit, code: str, *, picture: bool, second: bool = False) -> Sequence[Line]:
    """What is asked for, and what it may be."""
    most, name = content.CAPTION if picture else content.TEXT, visit.desk.languages.get(code, code)
    return [
        Line(_("Write the second text in {language}.", language=name) if second
             else _("Write the message in {language}.", language=name), Style.STRONG),
        Line(_("People get it exactly as you type it, up to {most} characters. Signs like * or <b> stay as they are.",
               most=most)),
    ]  # fmt: skip


def write_text(visit: Visit, number: int, writes: Sequence[Any], said: str) -> Turn:
    """A text, as it was written."""
    _what, variant, code = writes

    def alter(draft: Draft) -> Draft:
        variants = [dict(one) for one in draft.content.variants]
        if variant < len(variants):
            variants[variant][code] = said
        else:
            variants.append({code: said})
        altered = replace(draft.content, variants=tuple(variants))
        content.check(altered, list(visit.desk.languages), places=draft.places is not None)
        return replace(draft, content=altered)

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))


def unwrite(visit: Visit, value: Sequence[Any]) -> Turn:
    """One language less."""
    number, variant, code = value

    def alter(draft: Draft) -> Draft:
        variants = [
            {k: v for k, v in one.items() if at != variant or k != code}
            for at, one in enumerate(draft.content.variants)
        ]
        return replace(draft, content=replace(draft.content, variants=tuple(variants)))

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))


def single(visit: Visit, number: int) -> Turn:
    """Nothing is compared."""

    def alter(draft: Draft) -> Draft:
        return replace(draft, content=replace(draft.content, variants=draft.content.variants[:1]))

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))


# --------------------------------------------------------------------------- the picture


def picture(visit: Visit, number: int) -> Turn:
    """Asks for a picture."""
    stands = broadcast.standing(visit.tx, number)
    rows = [[Key(_("Back"), "broadcast.edit", number)]]
    if stands.draft.content.picture:
        rows.insert(0, [Key(_("Leave the picture out"), "broadcast.unpicture", number)])
    lines = [
        Line(_("Send the picture, as a photo or as a file."), Style.STRONG),
        Line(_("It stands above the text, which may then have {most} characters.", most=content.CAPTION)),
    ]
    return show(remember(visit, stands, "picture", ["picture"]), Screen(lines, rows))


def take_picture(visit: Visit, number: int, sent: Sent) -> Turn:
    """It is looked at outside of the turn."""
    if sent.too_big or not sent.path:
        return again(_("Send a smaller picture: this one is too big for a chat."))
    stands = broadcast.standing(visit.tx, number)
    arguments = {"path": sent.path, "name": sent.name or "1", "number": number, "caption": sent.caption}
    screen = Screen([Line(_("Looking at the picture …"))], [[Key(_("Back"), "broadcast.edit", number)]])
    turn = show(remember(visit, stands, "picture", ["picture"]), screen)
    return replace(turn, actions=[*turn.actions, Start("broadcast_picture", arguments)])


def take_first_picture(visit: Visit, sent: Sent) -> Turn:
    """A picture before any word: its caption is the text."""
    if not sent.caption.strip():
        return again(_("Write the message first: the picture comes after it, or with its words below it."))
    if sent.too_big or not sent.path:
        return again(_("Send a smaller picture: this one is too big for a chat."))
    arguments = {"path": sent.path, "name": sent.name or "1", "caption": sent.caption}
    screen = Screen([Line(_("Looking at the picture …"))], [[Key(_("Back"), "broadcast.home")]])
    turn = show(State("broadcast", visit.memory), screen)
    return replace(turn, actions=[*turn.actions, Start("broadcast_picture", arguments)])


def have_picture(visit: Visit, number: int, outcome: Mapping[str, Any]) -> Turn:
    """A picture that can be sent."""

    def alter(draft: Draft) -> Draft:
        altered = replace(draft.content, picture=str(outcome["content"]))
        content.check(altered, list(visit.desk.languages), places=draft.places is not None)
        return replace(draft, content=altered)

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))


def unpicture(visit: Visit, number: int) -> Turn:
    """No picture."""

    def alter(draft: Draft) -> Draft:
        return replace(draft, content=replace(draft.content, picture=""))

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))
