"""A project by a few answers: seven screens, each with one idea; whoever goes back finds what they have said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.ask import ASKS
from handlers.flow import Visit, again, show
from handlers.talk import Key, Line, Said, Screen, Show, Start, State, Style, Turn
from tasks.projects import guided, own
from tasks.words import Join, Words, _, _n

STEPS = ("kind", "words", "answers", "overlap", "needs", "pay", "who")
_FIRST, _ENOUGH = 2, 2
"""Steps that all others build on; what is offered to come before free text."""
_DAYS = (3, 7, 30)
_SCALES = ((1, 5), (1, 7), (0, 10))
_LENGTHS = (100, 300, 1_000)
_EXAMPLES: Mapping[str, Words] = {
    "choice": _("one tap: [Spicy] [Mild]"),
    "multi-choice": _("ticks: [☑ Food] [☐ A place]"),
    "rating": _("a mark: [1] [2] [3] [4] [5]"),
    "text": _("words: ✍ “Friendly and quick”"),
}
_OVERLAPS: Sequence[tuple[Any, Words]] = (
    ({"min": "2", "max": "5", "confidence": "0.95"}, _("2 to 5, until it is sure")),
    ("3", _("3 each")),
    ("5", _("5 each")),
    ("1", _("1 each")),
)
_NEEDS: Sequence[tuple[Mapping[str, str], Words]] = (
    ({}, _("Nothing, straight to work")),
    ({"practice": "5"}, _("5 items to practise")),
    ({"quiz": "10"}, _("A quiz of 10 questions")),
    ({"practice": "5", "quiz": "10"}, _("Both")),
)
_WHO: Sequence[tuple[Mapping[str, Any], Words]] = (
    ({}, _("Anyone")),
    ({"invited": "true"}, _("Who is invited")),
    ({"gate": "4"}, _("Who is proven")),
)
_GO_ON = _("Go on")


def ask(visit: Visit, step: str) -> Turn:
    """The screen of a step, as far as it is answered."""
    draft = dict(visit.memory.get("draft") or {}) if visit.flow == "new" else {}
    return _asks(visit, step if step in STEPS else STEPS[0], draft)


def put(visit: Visit, given: Mapping[str, Any]) -> Turn:
    """A key that is an answer: kept, and on to the next step unless there is more to say in this one."""
    draft = {**(visit.memory.get("draft") or {}), given["what"]: given["value"]}
    step = str(visit.memory.get("step"))
    if step not in STEPS:
        return ask(visit, STEPS[0])
    return _asks(visit, step if given.get("stay") else _after(step), draft)


def heard(visit: Visit, said: Said) -> Turn:
    """An answer that was written. Raises GuidedError."""
    step, draft = str(visit.memory.get("step")), dict(visit.memory.get("draft") or {})
    if step == "answers" and not draft.get("title"):
        return _asks(visit, step, draft)
    reads: Mapping[str, Callable[[Visit, dict[str, Any], str], bool]] = {
        "words": _words_said,
        "answers": _answers_said,
        "pay": _pay_said,
        "who": _until_said,
    }
    if step not in reads:
        return again(_("Please tap one of the keys below the message."))
    done = reads[step](visit, draft, said.text)
    return _asks(visit, _after(step) if done else step, draft)


def finish(visit: Visit, _value: object = None) -> Turn:
    """All is said: the file is written, and comes back."""
    draft = visit.memory.get("draft") or {}
    missing = next((step for step in ("kind", "words", "answers") if not _said(draft, step)), "")
    if missing:
        return ask(visit, missing)
    taken = [known.key for known in visit.desk.catalog.all(visit.tx)]
    project = guided.project(draft, taken, visit.now).model_dump_json()
    given = {"person": visit.who.id, "owner": own.owner(visit.who), "language": visit.who.language or "en"}
    screen = Screen([Line(_("Writing the project file …"))], [[_back("who")]])
    return Turn(State("new", visit.memory), [Show(screen), Start("write", {"file": project, **given})])


# --------------------------------------------------------------------------- steps


def _asks(visit: Visit, step: str, draft: Mapping[str, Any]) -> Turn:
    screens: Mapping[str, Callable[[Visit, Mapping[str, Any]], tuple[Sequence[Line], Sequence[Sequence[Key]]]]] = {
        "kind": _kind,
        "words": _words,
        "answers": _answers,
        "overlap": _overlap,
        "needs": _needs,
        "pay": _pay,
        "who": _who,
    }
    before = STEPS[: STEPS.index(step)]
    step = next((first for first in before[:_FIRST] if not _said(draft, first)), step)
    lines, keys = screens[step](visit, draft)
    at = STEPS.index(step)
    head = Line(_("New project · {n} of {total}", n=at + 1, total=len(STEPS)), Style.HEAD)
    back = _back(STEPS[at - 1]) if at else Key(_("Back"), "new.home")
    memory = {"draft": dict(draft), "step": step}
    if step == "words" and visit.memory.get("language"):
        memory["language"] = visit.memory["language"]
    return show(State("new", memory), Screen([head, *lines], [*keys, [back]]))


def _after(step: str) -> str:
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def _back(step: str) -> Key:
    return Key(_("Back"), "new.ask", step)


def _on(step: str) -> Key:
    return Key(_GO_ON, "new.ask", _after(step))


def _put(words: Words, what: str, value: Any, draft: Mapping[str, Any], *, stay: bool = False) -> Key:
    """A key that is an answer; the one that was given is marked."""
    marked = Join(("● ", words)) if what in draft and draft[what] == value else words
    return Key(marked, "new.put", {"what": what, "value": value, **({"stay": True} if stay else {})})


def _said(draft: Mapping[str, Any], step: str) -> bool:
    if step == "answers":
        return draft.get("kind") not in guided.LABELLED or not _untranslated(draft)
    return bool(draft.get({"kind": "kind", "words": "title"}.get(step, step)))


def _kind(_visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    lines = [Line(_("How do people answer?"), Style.STRONG)]
    lines += [Line(_EXAMPLES[kind], Style.FAINT) for kind in guided.KINDS_OFFERED]
    return lines, [[_put(ASKS[kind].called, "kind", kind, draft)] for kind in guided.KINDS_OFFERED]


def _words(visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    names, title = visit.desk.languages, draft.get("title") or {}
    lines = [Line(_("What is the question?"), Style.STRONG)]
    if not title:
        lines += [
            Line(_("Write it as people will read it. Of two lines, the first is the title in the list.")),
            Line(_("For example: Is this dish spicy?"), Style.FAINT),
        ]
        return lines, []
    for language, said in title.items():
        question = draft["question"][language]
        both = said if said == question else f"{said}\n{question}"
        lines += [Line(names.get(language, language), Style.FAINT), Line(both, Style.QUOTE)]
    wanted = visit.memory.get("language")
    if wanted and wanted not in title:
        lines.append(Line(_("Now write it in {language}.", language=names.get(wanted, wanted))))
    others = [[Key(_("Add {language}", language=name), "new.add", code)] for code, name in names.items()
              if code not in title and code != wanted]  # fmt: skip
    return lines, [[_on("words")], *others]


def add(visit: Visit, language: str) -> Turn:
    """Words in one more language."""
    visit.memory = {**visit.memory, "language": language}
    return ask(visit, "words")


def _words_said(visit: Visit, draft: dict[str, Any], text: str) -> bool:
    title, question = guided.read_words(text)
    language = visit.memory.get("language") or visit.who.language or "en"
    draft["title"] = {**(draft.get("title") or {}), language: title}
    draft["question"] = {**(draft.get("question") or {}), language: question}
    return False


def _answers(visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    if draft.get("kind") == "rating":
        return _scale(visit, draft)
    if draft.get("kind") == "text":
        keys = [[_put(_("up to {n} characters", n=most), "length", {"min": "1", "max": str(most)}, draft)]
                for most in _LENGTHS]  # fmt: skip
        return [Line(_("How long may an answer be?"), Style.STRONG)], keys
    labels: Sequence[Mapping[str, str]] = draft.get("labels") or []
    lines = [Line(_("Which answers are there?"), Style.STRONG)]
    lines += [Line("\n".join(" / ".join(label.values()) for label in labels), Style.QUOTE)] if labels else []
    missing = _untranslated(draft)
    name = visit.desk.languages.get(missing, missing)
    if missing and labels:
        lines.append(Line(_("Now the same in {language}, one a line, in the same order.", language=name)))
    elif missing:
        lines.append(Line(_("Write them in {language}, one a line.", language=name)))
        lines.append(Line(_("For example:\nSpicy\nMild"), Style.FAINT))
    else:
        lines.append(Line(_("Write them again to change them."), Style.FAINT))
    anew = {"what": "labels", "value": [], "stay": True}
    again_key = [[Key(_("Write the ones above again"), "new.put", anew)]] if labels else []
    return lines, again_key if missing else [[_on("answers")]]


def _untranslated(draft: Mapping[str, Any]) -> str:
    """The first language of the question that the labels are not in; empty where there is none."""
    labels = draft.get("labels") or [{}]
    return next((code for code in draft.get("title") or {} if any(code not in label for label in labels)), "")


def _scale(visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    scale = draft.get("scale") or _a_scale(*_SCALES[0])
    low, high = scale.get("low") or {}, scale.get("high") or {}
    lines = [Line(_("Which marks are there?"), Style.STRONG)]
    lines += [Line(f"{scale['min']} = {low[code]} · {scale['max']} = {high[code]}", Style.QUOTE) for code in low]
    missing = next((code for code in draft.get("title") or {} if code not in low), "")
    if missing:
        name = visit.desk.languages.get(missing, missing)
        lines.append(Line(_("Write what the lowest and the highest mean, in {language}, or go on.", language=name)))
        lines.append(Line(_("For example: bad – good"), Style.FAINT))
    ends = {key: scale[key] for key in ("low", "high") if scale.get(key)}
    keys = [_put(f"{lowest}–{highest}", "scale", {**_a_scale(lowest, highest), **ends}, draft, stay=True)
            for lowest, highest in _SCALES]  # fmt: skip
    return lines, [keys, [_on("answers")]]


def _a_scale(low: int, high: int) -> dict[str, Any]:
    return {"min": str(low), "max": str(high)}


def _answers_said(_visit: Visit, draft: dict[str, Any], text: str) -> bool:
    kind = draft.get("kind")
    languages = list(draft.get("title") or {})
    if kind == "rating":
        scale = draft.get("scale") or _a_scale(*_SCALES[0])
        language = next((code for code in languages if code not in (scale.get("low") or {})), languages[0])
        low, high = guided.read_ends(text)
        ends = {
            "low": {**(scale.get("low") or {}), language: low},
            "high": {**(scale.get("high") or {}), language: high},
        }
        draft["scale"] = {**scale, **ends}
        return False
    if kind not in guided.LABELLED:
        return True
    labels, language = draft.get("labels") or [], _untranslated(draft)
    if labels and language:
        more = guided.read_labels(text, len(labels))
        draft["labels"] = [{**label, language: said} for label, said in zip(labels, more, strict=True)]
    else:
        draft["labels"] = [{languages[0]: said} for said in guided.read_labels(text)]
    return False


def _overlap(_visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    lines = [Line(_("How many answers does each item get?"), Style.STRONG)]
    if draft.get("kind") == "text":
        offered = [_OVERLAPS[-1], *_OVERLAPS[1:-1]]
    else:
        offered = [*_OVERLAPS]
        lines.append(Line(_("“Until it is sure” costs least: more are asked only where people disagree.")))
    return lines, [[_put(words, "overlap", value, draft)] for value, words in offered]


def _needs(_visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    lines = [
        Line(_("What comes before the work?"), Style.STRONG),
        Line(_("Practice explains, a quiz decides who gets in. Both need items whose answers you know.")),
    ]
    offered = _NEEDS if draft.get("kind") != "text" else _NEEDS[:_ENOUGH]
    return lines, [[_put(words, "needs", value, draft)] for value, words in offered]


def _pay(visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    theirs = guided.currency_of(visit.who.language or "en", visit.who.zone)
    now = draft.get("currency") or theirs
    small, large = guided.pay_example(now)
    lines = [Line(_("What does an answer pay?"), Style.STRONG)]
    if draft.get("pay"):
        pay = draft["pay"]
        lines.append(Line(f"{pay['answer']} {pay['currency']} · {pay['budget']} {pay['currency']}", Style.QUOTE))
    lines += [
        Line(_("Write the amount, a space, and the most that all may cost.")),
        Line(_("For example, in {currency}: {answer} {budget}", currency=now, answer=small, budget=large), Style.FAINT),
    ]
    offered = list(dict.fromkeys((theirs, "USD", "EUR", "points")))
    chosen = {"currency": now}
    currencies = [
        _put(_("points") if code == "points" else code, "currency", code, chosen, stay=True) for code in offered
    ]
    on = [[_on("pay")]] if draft.get("pay") else []
    return lines, [*on, [_put(_("Nothing"), "pay", None, draft)], currencies]


def _pay_said(visit: Visit, draft: dict[str, Any], text: str) -> bool:
    currency = draft.get("currency") or guided.currency_of(visit.who.language or "en", visit.who.zone)
    answer, budget = guided.read_pay(text, currency)
    draft["pay"] = {"currency": currency, "answer": answer, "budget": budget}
    return True


def _who(visit: Visit, draft: Mapping[str, Any]) -> tuple[Sequence[Line], Sequence[Sequence[Key]]]:
    zone, until = visit.who.zone, draft.get("until")
    lines = [
        Line(_("Who, and until when?"), Style.STRONG),
        Line(_("Deadline: {when}", when=until[:16].replace("T", " ")) if until else _("It has no deadline.")),
        Line(_("Tap, or write a day and perhaps a time, such as {example}",
               example=guided.in_days(_DAYS[1], zone, visit.now)[:16].replace("T", " ")), Style.FAINT),
    ]  # fmt: skip
    with_defaults = {"who": {}, "until": None, **draft}
    who = [_put(words, "who", value, with_defaults, stay=True) for value, words in _WHO]
    days: list[tuple[Words, str | None]] = [(_("No deadline"), None)]
    days += [(_n("in {n} day", "in {n} days", n), guided.in_days(n, zone, visit.now)) for n in _DAYS]
    times = [_put(words, "until", value, with_defaults, stay=True) for words, value in days]
    return lines, [[Key(_("Write the project file"), "new.finish")], who[:1], who[1:], times[:2], times[2:]]


def _until_said(visit: Visit, draft: dict[str, Any], text: str) -> bool:
    draft["until"] = guided.read_until(text, visit.who.zone, visit.now)
    return False
