"""``/new``: a project file and its data, sent in any order or written by answering; weighed, then imported.

Files are heard wherever the conversation stands. What was sent or said is remembered in the conversation's row:
``file`` (the project as JSON), ``title``, ``key``; ``data`` (a path), ``name``; ``items`` that were written; ``to``, a
project that is there already; ``more``, how many items of work it would get; ``draft`` and ``step`` of the guided talk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from handlers.admin import guided, items, payouts, preview
from handlers.flow import Flow, Menu, Visit, again, show
from handlers.kept import begun
from handlers.parts.conflict import conflict
from handlers.parts.planned import planned
from handlers.talk import Document, Key, Line, Said, Screen, Sent, Show, Start, State, Style, Turn
from tasks import approval
from tasks.access import may
from tasks.money.amounts import write_amount
from tasks.money.confirmation import is_one
from tasks.projects import guided as answers
from tasks.projects import own
from tasks.words import Local, Money, Words, _, _n, error_words

_PROJECT_FILES = frozenset({".yaml", ".yml", ".json"})
_DATA_FILES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".zip"})
_PROJECTS_SHOWN = 6
_KEPT = ("file", "title", "key", "data", "name", "items", "to", "revision", "more")
_GIVEN = ("file", "data", "items", "to")
_ALL = Key(_("All projects"), "projects.list", 0)
_ON = Key(_("Look again"), "new.go")


def begin(visit: Visit, _value: object = None) -> Turn:
    """Both ways to begin. What has been answered so far is still there."""
    draft = visit.memory.get("draft") if visit.flow == "new" else None
    lines = [
        Line(_("A new project"), Style.STRONG),
        Line(_("Send its project file and its data here: two files in any order, or one ZIP with both.")),
        Line(_("Or answer a few questions: the file is written for you.")),
    ]
    ask = Key(_("Go on answering") if draft else _("Answer a few questions"), "new.ask", _step(visit, draft))
    memory = {"draft": draft, "step": visit.memory.get("step")} if draft else {}
    left = [] if draft else _left(visit)
    return show(State("new", memory), Screen(lines, [*left, [ask], [_ALL]]))


def _left(visit: Visit) -> list[list[Key]]:
    """What was left in the middle can be gone on with."""
    left = begun(visit.memory, visit.now)
    if not left:
        return []
    named = Local(left["title"]) if left.get("title") else (left.get("name") or _("what you began"))
    return [[Key(_("Go on with {what}", what=named), "new.resume")]]


def _resume(visit: Visit, _value: object = None) -> Turn:
    left = begun(visit.memory, visit.now)
    here = replace(visit, flow="new", memory=left)
    return guided.ask(here, str(left["step"])) if left.get("step") in guided.STEPS else _next(here, _memory(here))


def _step(visit: Visit, draft: object) -> str:
    step = visit.memory.get("step")
    return str(step) if draft and step in guided.STEPS else guided.STEPS[0]


def _command(visit: Visit, _argument: str) -> Turn:
    return begin(visit)


def _memory(visit: Visit, **more: Any) -> dict[str, Any]:
    """What is remembered here, with what is new."""
    here = visit.memory if visit.flow == "new" else {}
    return {**{key: here[key] for key in (*_KEPT, "draft") if here.get(key)}, **more}


def _by(visit: Visit) -> Mapping[str, Any]:
    """Who starts a job, for the record."""
    return {"person": visit.who.id, "channel": visit.who.channel, "owner": own.owner(visit.who)}


def _waiting(visit: Visit, says: Words, memory: Mapping[str, Any], job: str, **arguments: Any) -> Turn:
    given = {key: memory[key] for key in _GIVEN if memory.get(key)}
    start = Start(job, {**given, **arguments, **_by(visit)})
    return Turn(State("new", memory), [Show(Screen([Line(says)], [[_ON], [_ALL]])), start])


# --------------------------------------------------------------------------- files


def sent(visit: Visit, file: Sent) -> Turn:
    """A file: what it is, is found out outside of the turn."""
    suffix = PurePath(file.name).suffix.lower()
    if file.too_big:
        return again(_("Send a smaller file, or use the shell: this one is too big for a chat."))
    if suffix not in _PROJECT_FILES | _DATA_FILES:
        return again(_("Send a project file (.yaml, .json) or a data file (.csv, .tsv, .jsonl, .zip)."))
    if not file.path:
        return again(_("Send it once more: the file did not arrive."))
    if suffix == ".csv" and may(visit.who.role, "administer") and is_one(Path(file.path)):
        return payouts.sent(visit, file)
    return _waiting(visit, _("Reading “{name}” …", name=file.name[:60]), _memory(visit), "receive", path=file.path,
                    name=file.name)  # fmt: skip


def _received(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """Which of the two it was; on with both, whichever came first."""
    if "mistakes" in outcome or outcome.get("failed"):
        mend = _("Mend the file and send it again. Nothing of it was taken:")
        return _mistakes(_memory(visit), outcome, mend)
    memory = _memory(visit)
    if outcome.get("file"):
        memory |= {key: outcome[key] for key in ("file", "title", "key")} | {"revision": outcome.get("revision")}
        memory.pop("to", None)
    if outcome.get("data"):
        memory |= {"data": outcome["data"], "name": outcome["given"].get("name", "")}
        memory.pop("items", None)
    return _next(visit, memory)


def _go(visit: Visit, _value: object = None) -> Turn:
    return _next(visit, _memory(visit))


def _next(visit: Visit, memory: dict[str, Any]) -> Turn:
    """What is lacking, or what an import of all there is would do."""
    for_what, rows = memory.get("file") or memory.get("to"), memory.get("data") or memory.get("items")
    if for_what and rows:
        return _waiting(visit, _("Looking at all rows …"), memory, "plan")
    if for_what:
        return _wants_data(visit, memory)
    return _wants_project(visit, memory) if rows else begin(visit)


def _wants_project(visit: Visit, memory: Mapping[str, Any]) -> Turn:
    """Data came first."""
    every = visit.desk.catalog.all(visit.tx, own.owner(visit.who))
    some = [known for known in reversed(every) if known.state != "closed"][:_PROJECTS_SHOWN]
    lines = [
        Line(_("“{name}” is here.", name=memory.get("name") or _("The data")), Style.STRONG),
        Line(_("Now send the project file.")),
        *([Line(_("Or are these more items of a project that is there?"))] if some else []),
    ]
    keys = [[Key(Local(known.spec.title), "new.to", known.key)] for known in some]
    return show(State("new", memory), Screen(lines, [*keys, [Key(_("Leave it"), "new.leave")]]))


def _to(visit: Visit, key: str) -> Turn:
    memory = _memory(visit, to=visit.project(key).key)
    for name in ("file", "title", "key"):
        memory.pop(name, None)
    return _next(visit, memory)


def _items_of(visit: Visit, key: str) -> Turn:
    """More items of a project that is there."""
    return _wants_data(visit, {"to": visit.project(key).key})


# --------------------------------------------------------------------------- items that are written


def _wants_data(visit: Visit, memory: Mapping[str, Any]) -> Turn:
    return items.asks(visit, memory) if memory.get("file") or memory.get("to") else begin(visit)


def _over(visit: Visit, _value: object = None) -> Turn:
    memory = _memory(visit)
    memory.pop("items", None)
    return _wants_data(visit, memory)


def _said(visit: Visit, said: Said) -> Turn:
    """An answer of the guided talk, or items, one a line."""
    if visit.memory.get("step") != "items":
        return guided.heard(visit, said)
    memory = _memory(visit)
    if not (memory.get("file") or memory.get("to")):
        return begin(visit)
    spec, _there = items.project_of(visit, memory)
    if spec.show.image:
        return again(_("Send a ZIP: items of this project have pictures."))
    memory["items"] = answers.read_items(spec, said.text, memory.get("items") or ())
    memory.pop("data", None)
    return _wants_data(visit, memory)


# --------------------------------------------------------------------------- what it would do, and doing it


def _only(visit: Visit, _value: object = None) -> Turn:
    memory = _memory(visit)
    for name in ("data", "items"):
        memory.pop(name, None)
    if not memory.get("file"):
        return begin(visit)
    return _waiting(visit, _("Looking at all rows …"), memory, "plan")


def _planned(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    given = outcome.get("given") or {}
    memory = {**_memory(visit), **{key: given[key] for key in _GIVEN if given.get(key)}}
    if "splits" not in outcome:
        mend = _("Mend the data file and send it again. Nothing of it was taken:")
        memory.pop("data", None)
        return _mistakes(memory, outcome, mend)
    memory["more"] = outcome["splits"].get("work", 0)
    try:
        _refuse_unbounded(visit, memory)
    except approval.UnboundedError as error:
        return _unbounded(visit, memory, [*planned(outcome), Line(error_words(error), Style.STRONG)], error.amount)
    keys = [[Key(_("Import"), "new.do")], [Key(_("Leave it"), "new.leave")]]
    return show(State("new", memory), Screen(planned(outcome), keys))


def _refuse_unbounded(visit: Visit, memory: Mapping[str, Any]) -> None:
    spec, there = items.project_of(visit, memory)
    if there is not None:
        after = replace(there, spec=spec)
        approval.refuse_unbounded(visit.tx, visit.desk.limits, after, int(memory.get("more") or 0))


def _unbounded(visit: Visit, memory: Mapping[str, Any], lines: Sequence[Line], amount: Money) -> Turn:
    """The way on is a budget of so much; what was sent stays, until another admin has confirmed it."""
    _spec, there = items.project_of(visit, memory)
    assert there is not None  # noqa: S101 - it runs
    wanted = {"key": there.key, "written": write_amount(amount.minor, amount.currency)}
    give = Key(_("Give it a budget of {amount}", amount=amount), "budget.change", wanted)
    return show(State("new", memory), Screen(lines, [[give], [_ON], [Key(_("Leave it"), "new.leave")]]))


def _do(visit: Visit, _value: object = None) -> Turn:
    memory = _memory(visit)
    if not (memory.get("file") or memory.get("to")):
        return begin(visit)
    spec, there = items.project_of(visit, memory)
    if there is not None:
        approval.refuse_dearer(visit.tx, visit.desk.limits, there, spec)
    _refuse_unbounded(visit, memory)
    older = _older(visit, memory)
    return older or _waiting(visit, _("Importing …"), memory, "import")


def _older(visit: Visit, memory: Mapping[str, Any]) -> Turn | None:
    """The file is older than what stands: what others have changed since, and which of the two is to stand."""
    there = visit.desk.catalog.find(visit.tx, str(memory["key"])) if memory.get("file") else None
    base = memory.get("revision")
    if there is None or not base or base >= there.revision or not own.mine(visit.who, there):
        return None
    keys = [[Key(_("Keep theirs"), "projects.card", there.key)], [Key(_("Take mine"), "new.mine", there.revision)]]
    return show(State("new", memory), Screen(conflict(visit, there, int(base)), keys))


def _mine(visit: Visit, revision: int) -> Turn:
    return _do(replace(visit, memory={**visit.memory, "revision": revision}))


def _imported(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if "added" not in outcome:
        mend = _("Mend the data file and send it again. Nothing of it was taken:")
        return _mistakes(_memory(visit), outcome, mend)
    known = visit.project(str(outcome["key"]))
    lines = [
        Line(_n("{n} new item", "{n} new items", outcome["added"]), Style.STRONG),
        Line(Local(known.spec.title), Style.QUOTE),
        Line(_("Look at it as people will see it, then launch it.")
             if known.state == "draft" else _("People get them from now on.")),
    ]  # fmt: skip
    launch = [[Key(_("Launch"), "projects.launching", known.key)]] if known.state == "draft" else []
    look = [Key(_("See it as people will"), "new.preview", known.key)]
    keys = [look, *launch, [Key(_("The project"), "projects.card", known.key)]]
    return show(State("new", {"key": known.key}), Screen(lines, keys))


def _leave(visit: Visit, _value: object = None) -> Turn:
    """Nothing is kept of what was sent."""
    data = visit.memory.get("data") if visit.flow == "new" else None
    turn = begin(visit)
    turn = Turn(State("new", {}), turn.actions)
    return Turn(turn.state, [*turn.actions, Start("drop", {"data": data})]) if data else turn


def _change(visit: Visit, key: str) -> Turn:
    """The project file comes, to be changed and sent back."""
    known = visit.project(key)
    language = visit.who.language or "en"
    return _waiting(visit, _("Writing the project file …"), {"to": known.key}, "write", language=language)


def _written(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """A project file: of the answers, or of a project that is there."""
    if "file" not in outcome:
        return _mistakes(_memory(visit), outcome, _("Please try again in a moment: the file could not be written."))
    document = Document(outcome["path"], outcome["name"])
    if outcome["given"].get("to"):
        fixed = _("What answers depend on stays as it is once the project has been launched.")
        lines = [Line(_("Change it and send it here again."), Style.STRONG), Line(fixed, Style.FAINT)]
        key = outcome["key"]
        keys = [[Key(_("See it as people will"), "new.preview", key)], [Key(_("The project"), "projects.card", key)]]
        return Turn(State("new", {}), [document, Show(Screen(lines, keys), fresh=True)])
    memory = _memory(visit, **{key: outcome[key] for key in ("file", "title", "key")})
    turn = _wants_data(visit, memory)
    shown = [Show(action.screen, fresh=True) for action in turn.actions if isinstance(action, Show)]
    return Turn(turn.state, [document, *shown])


def _mistakes(memory: Mapping[str, Any], outcome: Mapping[str, Any], head: Words) -> Turn:
    lines = [Line(head, Style.STRONG), *(Line(words) for words in outcome.get("mistakes", ()))]
    if outcome.get("failed"):
        lines = [Line(_("Please try again in a moment: something on our side did not work."), Style.STRONG)]
    if outcome.get("more"):
        lines.append(Line(_n("… and {n} more", "… and {n} more", outcome["more"]), Style.FAINT))
    return show(State("new", memory), Screen(lines, [[Key(_("Back"), "new.go")], [_ALL]]))


NEW = Flow(
    "new",
    permit="request",
    commands={"new": Menu(_command, _("A new project"), permit="request")},
    presses={
        "home": begin,
        "ask": guided.ask,
        "resume": _resume,
        "put": guided.put,
        "add": guided.add,
        "finish": guided.finish,
        "go": _go,
        "to": _to,
        "items": _items_of,
        "over": _over,
        "only": _only,
        "do": _do,
        "mine": _mine,
        "leave": _leave,
        "change": _change,
        "preview": preview.look,
    },
    said=_said,
    sent=sent,
    anywhere=True,
    finished={"receive": _received, "plan": _planned, "import": _imported, "write": _written},
)
