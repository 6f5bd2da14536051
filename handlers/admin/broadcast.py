"""``/broadcast``: a message to many: all there are, a new one, and which of its screens hears what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from handlers.admin import broadcast_draft as draft
from handlers.admin import broadcast_edit as edit
from handlers.admin import broadcast_keys as keys
from handlers.admin import broadcast_run as run
from handlers.admin import broadcast_when as when
from handlers.admin import broadcast_who as who
from handlers.admin.new import NEW
from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, Sent, State, Style, Turn
from tasks.outreach import broadcast, content, told
from tasks.outreach.broadcast import UNSENT, Draft, Standing
from tasks.outreach.content import Content
from tasks.outreach.filed import of_project
from tasks.words import Join, Share, Words, _, _n

_ON_A_PAGE, _LABEL, _LINE = 6, 18, 40
_ORDER = ("choosing", "running", "paused", "waiting", "draft")


def _command(visit: Visit, argument: str) -> Turn:
    spoken(visit)
    number = argument.strip()
    return _open(visit, int(number)) if number.isdecimal() and len(number) < 10 else _home(visit)  # noqa: PLR2004 - digits


# --------------------------------------------------------------------------- all of them


def _home(visit: Visit, before: int | None = None, toast: Words | None = None) -> Turn:
    """The newest, those under way first."""
    found = broadcast.listed(visit.tx, _ON_A_PAGE + 1, before or 1 << 62)
    some = sorted(found[:_ON_A_PAGE], key=lambda one: _ORDER.index(one.state) if one.state in _ORDER else len(_ORDER))
    lines = [Line(_("Broadcasts"), Style.STRONG)]
    lines += [Line(_line(visit, one)) for one in some] or [Line(_("There is none yet: write the first."))]
    rows = [[Key(_("New broadcast"), "broadcast.new")]]
    rows += [[Key(_label(visit, one, _LABEL), "broadcast.open", one.number)] for one in some]
    if len(found) > _ON_A_PAGE:
        rows.append([Key(_("Older ones"), "broadcast.home", min(one.number for one in some))])
    rows.append([Key(_("Look again"), "broadcast.home")])
    return show(State("broadcast", {"place": "home"}), Screen(lines, rows), toast)


def _line(visit: Visit, one: Standing) -> Words:
    said: list[Words] = [_label(visit, one, _LINE), told.state(one)]
    if one.total:
        said.append(_n("{n} person", "{n} people", one.total))
        said.append(_("{share} through", share=Share((one.total - one.left) / one.total)))
    return Join(said, " · ")


def _label(visit: Visit, one: Standing, most: int) -> Words:
    words = told.beginning(one.draft.content, visit.who.language, most)
    return _("{number}: {words}", number=one.number, words=words) if words else _("No. {number}", number=one.number)


def _open(visit: Visit, number: int, toast: Words | None = None) -> Turn:
    """One of them, as it stands."""
    if broadcast.standing(visit.tx, number).state in UNSENT:
        return draft.shown(visit, number, toast, looks=visit.memory.get("place") in {None, "home"})
    return run.running(visit, number, toast)


# --------------------------------------------------------------------------- a new one


def _new(visit: Visit, key: str | None = None) -> Turn:
    """First of all what it says: the rest can wait. ``key`` is the project that it is about."""
    code = visit.who.language or "en"
    others = [
        [Key(_("Write it in {language}", language=name), "broadcast.new_in", [other, key])]
        for other, name in visit.desk.languages.items()
        if other != code
    ]
    return _asks(visit, code, key, others)


def _new_in(visit: Visit, value: Sequence[Any]) -> Turn:
    code, key = value
    return _asks(visit, code, key, [])


def _asks(visit: Visit, code: str, key: str | None, others: Sequence[Sequence[Key]]) -> Turn:
    lines = edit.asks_text(visit, code, picture=False)
    more = [Line(_("Other languages, a picture and keys come after it."), Style.FAINT)]
    if key:
        title = told.title(visit.tx, visit.desk.catalog, visit.desk.catalog.by_key(visit.tx, key).id)
        lines = [Line(_("Project: {title}", title=title), Style.HEAD), *lines]
    memory = {"place": "new", "writes": ["new", code, key]}
    return show(State("broadcast", memory), Screen([*lines, *more], [*others, [Key(_("Back"), "broadcast.home")]]))


def _write_new(visit: Visit, said: str, picture: str = "") -> Turn:
    """It is kept from its first words on."""
    _what, code, key = visit.memory["writes"]
    made = Draft(Content(({code: said},), picture))
    if key:
        known = visit.desk.catalog.by_key(visit.tx, key)
        made = replace(made, audience=of_project(known), project=known.id)
    content.check(made.content, list(visit.desk.languages))
    number = broadcast.draft(visit.tx, visit.actor, made, visit.now)
    return draft.shown(visit, number, looks=True)


# --------------------------------------------------------------------------- what is written and sent


def _said(visit: Visit, said: Said) -> Turn:
    """Whatever the screen has asked for."""
    writes = visit.memory.get("writes") or [""]
    if writes[0] == "new":
        return _write_new(visit, said.text)
    hear = _WRITTEN.get(writes[0])
    if hear is None:
        if visit.memory.get("place") == "picture":
            return again(_("Send a picture, or go back: this is text."))
        return again(_("Please tap one of the keys below the message."))
    return hear(visit, int(visit.memory["number"]), writes, said.text)


_WRITTEN: Mapping[str, Callable[[Visit, int, Sequence[Any], str], Turn]] = MappingProxyType(
    {
        "text": edit.write_text,
        "key": lambda visit, number, _writes, text: keys.write_key(visit, number, text),
        "places": lambda visit, number, _writes, text: keys.write_places(visit, number, text),
        "list": lambda visit, number, _writes, text: who.write_list(visit, number, text),
        "hour": lambda visit, number, _writes, text: when.write_clock(visit, number, "hour", text),
        "moment": lambda visit, number, _writes, text: when.write_clock(visit, number, "moment", text),
        "waves": lambda visit, number, _writes, text: when.write_waves(visit, number, text),
    }
)


def _sent(visit: Visit, sent: Sent) -> Turn:
    """A picture, or a list of people; any other file is a project's, or its data."""
    writes = (visit.memory.get("writes") or [""])[0]
    place, number = visit.memory.get("place"), int(visit.memory.get("number") or 0)
    pictured = sent.what == "photo" or PurePath(sent.name).suffix.lower() in _PICTURES
    if writes == "list" and sent.what == "document":
        return who.take_list(visit, number, sent)
    if writes == "new" and pictured:
        return edit.take_first_picture(visit, sent)
    if place == "picture" or (pictured and place in _TAKES_PICTURES):
        return edit.take_picture(visit, number, sent)
    if sent.what == "document" and NEW.sent is not None:
        return NEW.sent(visit, sent)
    return again(_("Please tap one of the keys below the message."))


_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"})
_TAKES_PICTURES = frozenset({"draft", "edit", "text"})


# --------------------------------------------------------------------------- what was done outside of a turn


def _counted(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """How many people it is: on the screen that waits for it, if it is still about that."""
    number = outcome.get("number")
    if visit.flow != "broadcast" or number not in {None, visit.memory.get("number")}:
        return Turn(None, [])
    if number is None or "total" not in outcome:
        return again(_("Please try again in a moment: something on our side did not work."))
    visit.memory = {**visit.memory, "counted": draft.kept_of(outcome, visit.now)}
    place = visit.memory.get("place")
    if place in {"draft", "who"} and broadcast.standing(visit.tx, number).state in UNSENT:
        return draft.shown(visit, number) if place == "draft" else who.who(visit, number)
    return Turn(State("broadcast", visit.memory), [])


def _pictured(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if visit.flow != "broadcast" or visit.memory.get("place") not in {"picture", "new"}:
        return Turn(None, [])
    if "content" not in outcome:
        number = outcome.get("number")
        back = Key(_("Back"), "broadcast.picture", number) if number else Key(_("Back"), "broadcast.new")
        return _refused(visit, outcome, back)
    if outcome.get("number"):
        return edit.have_picture(visit, outcome["number"], outcome)
    return _write_new(visit, outcome["caption"], outcome["content"])


def _listed(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if visit.flow != "broadcast" or visit.memory.get("place") != "list":
        return Turn(None, [])
    if "people" not in outcome:
        return _refused(visit, outcome, Key(_("Back"), "broadcast.pick", [visit.memory["number"], "list", 0]))
    return who.have_list(visit, outcome["number"], outcome)


def _refused(visit: Visit, outcome: Mapping[str, Any], back: Key) -> Turn:
    """One clear sentence, and the same screen, which still waits."""
    said = outcome.get("mistakes") or [_("Please try again in a moment: something on our side did not work.")]
    return show(State("broadcast", visit.memory), Screen([Line(words, Style.STRONG) for words in said], [[back]]))


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (
        draft.look, draft.attempt, draft.dropping, edit.edit, edit.text, edit.unwrite, edit.single, edit.picture,
        edit.unpicture, keys.keys, keys.key, keys.unkey, keys.project, keys.about, keys.places, keys.placed, who.who,
        who.pick, who.narrow, who.history, who.asks, when.when, when.timed, when.hour, when.clock, when.waves,
        when.waved, run.pause, run.resume, run.cancelling, run.cancel, run.outcome,
    )  # fmt: skip
    return {
        "home": _home,
        "new": _new,
        "new_in": _new_in,
        "of_project": _new,
        "open": _open,
        "send": lambda visit, number: draft.send(visit, number, run.running),
        "drop": _drop,
        **{hear.__name__: hear for hear in heard},
    }


def _drop(visit: Visit, number: int) -> Turn:
    broadcast.cancel(visit.tx, visit.actor, number, visit.now)
    return _home(visit, toast=_("It is dropped."))


BROADCAST = Flow(
    "broadcast",
    permit="administer",
    commands={"broadcast": Menu(_command, _("Broadcasts"), permit="administer")},
    presses=_presses(),
    said=_said,
    sent=_sent,
    takes=frozenset({"document", "photo"}),
    finished={
        "audience": _counted,
        "broadcast_progress": run.progressed,
        "broadcast_outcome": run.come,
        "broadcast_picture": _pictured,
        "broadcast_people": _listed,
    },
)
