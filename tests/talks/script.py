"""A talk as written in a ``.talk`` file: read into steps, and played with anything that can drive a bot.

``# project: animals``   a header: ``project`` (several with commas), ``language``, ``rows``, ``state``, ``invitation``,
                         ``reminders`` (any word: after each ``~`` what comes by itself is sent),
                         ``drafts`` (of broadcasts: how many)
``> /start``             the worker writes; ``admin> /projects`` somebody else does
``> [Cat]``              a press; ``> (old [Cat])`` a press on a key of an earlier screen; ``> (sticker)`` sends one,
                         ``> (document dishes.yaml)`` a file of the folder ``files``
``~ 16 minutes``         time passes, and what the clock does is done
``< ✓ Cat … mouse [Cat] … [⋯]``  toast and newest message hold these fragments in order, and have exactly these keys;
                         ``…`` stands for anything. Without keys, any keys will do; several ``<`` lines check the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

WORKER = "worker"
"""Who speaks where no name is written."""

FILES = Path(__file__).parent / "files"
"""What people send in talks."""
_HEADER = re.compile(r"#\s*(project|language|rows|state|invitation|reminders|drafts):\s*(.+)")
_LINE = re.compile(r"(\w*)([<>~])\s*(.*)")
_KEY = re.compile(r"\[([^\]]+)\]")
_ANY = "…"


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody sees: the newest message, its keys in order, and the toasts since they last did something."""

    text: str
    keys: Sequence[str]
    toast: str = ""


class Driver(Protocol):
    """Somebody's side of a bot. ``who`` is a name of the talk; a name beginning with ``admin`` is an admin."""

    async def says(self, who: str, text: str) -> None:
        """Write a text or a command."""

    async def sends(self, who: str, what: str) -> None:
        """Send a sticker, a photo, a recording, a file; ``contact``; ``location 37.5 127.0`` shares a place."""

    async def presses(self, who: str, label: str, *, old: bool) -> None:
        """Press the key whose label is, or ends with, ``label``; with ``old`` one of an earlier screen."""

    async def passes(self, minutes: int) -> None:
        """Let time pass."""

    async def posts(self) -> None:
        """Look for what there is to remind of, and send what is due of the bot's own accord."""

    async def shown(self, who: str) -> Shown:
        """What they see."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a talk: ``sign`` is ``>``, ``<`` or ``~``."""

    number: int
    who: str
    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A whole talk."""

    name: str
    headers: Mapping[str, str]
    steps: Sequence[Step]

    @property
    def language(self) -> str:
        """What the people's app says of their language."""
        return self.headers.get("language", "en")

    @property
    def invitations(self) -> Sequence[tuple[str, str, int]]:
        """Invitations there are: ``CODE PROJECT PLACES``, the project ``all`` for one to all of them."""
        listed = [one.split() for one in self.headers.get("invitation", "").split(",") if one.strip()]
        return [(code, project, int(places)) for code, project, places in listed]

    @property
    def projects(self) -> Sequence[str]:
        """Names of the projects there are."""
        return [name.strip() for name in self.headers.get("project", "").split(",") if name.strip()]


def read_talk(path: Path) -> Talk:
    """A talk from its file. Raises ValueError for a line that is none."""
    headers: dict[str, str] = {}
    steps: list[Step] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if header := _HEADER.fullmatch(line):
            headers[header[1]] = header[2].strip()
        elif line and not line.startswith("#"):
            steps.append(_step(path, number, line))
    return Talk(path.stem, headers, steps)


def all_talks(folder: Path = Path(__file__).parent) -> Sequence[Talk]:
    """All talks there are."""
    return [read_talk(path) for path in sorted(folder.glob("*.talk"))]


def _step(path: Path, number: int, line: str) -> Step:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"{path.name}:{number}: begin the line with >, <, ~ or #: {line}")
    return Step(number, match[1] or WORKER, match[2], match[3].strip())


async def play(talk: Talk, driver: Driver) -> None:
    """Play a talk to its end. Raises AssertionError at the first line that does not hold."""
    for step in talk.steps:
        if step.sign == "<":
            shown = await driver.shown(step.who)
            told = mismatch(step.words, shown)
            assert not told, f"{talk.name}.talk:{step.number}: {told}\nexpected  {step.words}\nseen      {_seen(shown)}"
        else:
            await _do(step, driver)
            if step.sign == "~" and talk.headers.get("reminders"):
                await driver.posts()


async def _do(step: Step, driver: Driver) -> None:
    words = step.words
    if step.sign == "~":
        await driver.passes(int(words.split()[0]))
    elif words.startswith("(old "):
        await driver.presses(step.who, words.removeprefix("(old [").removesuffix("])"), old=True)
    elif words.startswith("("):
        await driver.sends(step.who, words.strip("()"))
    elif key := _KEY.fullmatch(words):
        await driver.presses(step.who, key[1], old=False)
    else:
        await driver.says(step.who, words.replace("\\n", "\n"))


def _seen(shown: Shown) -> str:
    return f"{shown.toast} | {shown.text} {' '.join(f'[{key}]' for key in shown.keys)}"


def mismatch(words: str, shown: Shown) -> str:
    """What does not hold of an expectation; empty when all does."""
    first_key = _KEY.search(words)
    text, keys = (words[: first_key.start()], words[first_key.start() :]) if first_key else (words, "")
    seen, at = f"{shown.toast}\n{shown.text}", 0
    for fragment in [part.strip() for part in text.split(_ANY) if part.strip()]:
        found = seen.find(fragment, at)
        if found < 0:
            return f"“{fragment}” is not there, or not in this order"
        at = found + len(fragment)
    wanted = [_ANY] if text.rstrip().endswith(_ANY) and keys else []
    wanted += [match[1] or _ANY for match in re.finditer(r"\[([^\]]+)\]|…", keys)]
    return "" if not wanted or _fits(wanted, shown.keys) else "the keys are others"


def _fits(wanted: Sequence[str], keys: Sequence[str]) -> bool:
    """Whether the keys are those wanted, in order, with ``…`` for any number of others."""
    ends = {0}
    for want in wanted:
        if want == _ANY:
            ends = set(range(min(ends), len(keys) + 1)) if ends else ends
        else:
            ends = {end + 1 for end in ends if end < len(keys) and keys[end] == want}
    return len(keys) in ends
