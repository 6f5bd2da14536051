"""From a broadcast's file to a draft: projects, people and picture are looked up; mistakes keep their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from db.errors import CrowdloomError
from db.session import Tx
from tasks.outreach import broadcast, named
from tasks.outreach import content as contents
from tasks.outreach import timing as timings
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import Draft
from tasks.outreach.content import Content, ContentKey
from tasks.outreach.file import BroadcastFile, BroadcastFileError, moment_of, whole_days, whole_minutes
from tasks.outreach.hours import at_their_hour
from tasks.outreach.timing import Timing
from tasks.projects.catalog import Catalog, Known
from tasks.projects.mistakes import FileMistake, because
from tasks.projects.mistakes import Path as Where
from tasks.projects.outline import Outline
from tasks.words import Words, _

_SOME = "?"
"""Stands for a picture until it is kept."""
Keep = Callable[[bytes, str], str]
"""Takes a picture's file and its name; its content. Raises PictureError."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One file that is being read. ``folder`` is where it lies, ``languages`` those that people can choose."""

    spec: BroadcastFile
    read: Outline
    folder: Path
    languages: tuple[str, ...]

    def names(self) -> Sequence[str]:
        """The people that it names, by number or ``channel:id``, each once. Raises BroadcastFileError."""
        who = self.spec.audience
        names: list[str] = []
        with self._at(("audience", "people")):
            names += named.read("\n".join(who.people).encode()) if who.people else []
        with self._at(("audience", "list")):
            names += named.read(self._bytes(who.list, ("audience", "list")), who.list) if who.list else []
        return list(dict.fromkeys(names))

    def draft(self, tx: Tx, catalog: Catalog, people: Sequence[int], now: int) -> Draft:
        """The draft without its picture; ``people`` are those of ``names``. Raises BroadcastFileError."""
        spec = self.spec
        if not people and (spec.audience.people or spec.audience.list):
            raise self._wrong(("audience",), _("choose people who are known here: nobody of this list is"))
        project = self._project(tx, catalog, ("project",), spec.project)
        audience = replace(self._audience(tx, catalog, project), people=tuple(people))
        keys = tuple(ContentKey(dict(one.text), "url" if one.link else "tasks", one.link) for one in spec.keys)
        texts = tuple(dict(text) for text in (spec.text, spec.second) if text)
        said = Content(texts, _SOME if spec.picture else "", keys)
        made = Draft(said, audience, self._timing(now), project.id if project else None, spec.places)
        with self._at(("text",)):
            contents.check(made.content, self.languages, places=made.places is not None)
        with self._at(("when",)):
            timings.check(made.timing, now)
        with self._at(("project",)):
            broadcast.check(tx, catalog, made, self.languages, now)
        return made

    def pictured(self, made: Draft, keep: Keep) -> Draft:
        """The draft with its picture, if it has one. Raises BroadcastFileError."""
        name = self.spec.picture
        if name is None:
            return made
        raw = self._bytes(name, ("picture",))
        with self._at(("picture",)):
            return replace(made, content=replace(made.content, picture=keep(raw, name)))

    @contextmanager
    def _at(self, where: Where) -> Iterator[None]:
        """What goes wrong inside is a mistake of this place of the file."""
        try:
            yield
        except BroadcastFileError:
            raise
        except CrowdloomError as error:
            raise self._wrong(where, because(error)) from error

    def _wrong(self, where: Where, text: Words) -> BroadcastFileError:
        return BroadcastFileError([FileMistake(self.read.line(where), _("{mistake}", mistake=text))])

    def _project(self, tx: Tx, catalog: Catalog, where: Where, key: str | None) -> Known | None:
        if key is None:
            return None
        with self._at(where):
            return catalog.by_key(tx, key)

    def _audience(self, tx: Tx, catalog: Catalog, project: Known | None) -> Audience:
        who = self.spec.audience
        worked = self._project(tx, catalog, ("audience", "worked"), who.worked.project if who.worked else None)
        never = self._project(tx, catalog, ("audience", "never_worked"), who.never_worked)
        right = self._project(tx, catalog, ("audience", "right"), who.right.project if who.right else None)
        asks = of_project(project) if project and who.as_project_asks else None
        return Audience(
            gate=asks.gate if asks else who.gate,
            role=who.role or "",
            skills=asks.skills if asks else who.skills,
            languages=asks.languages if asks else who.languages,
            active_days=whole_days(who.here_within_ms),
            silent_days=whole_days(who.not_here_for_ms),
            worked=worked.id if worked else None,
            answers=who.worked.answers if who.worked else 1,
            never=never.id if never else None,
            measured=right.id if right else None,
            right=who.right.share if who.right else 0.0,
        )

    def _bytes(self, name: str, where: Where) -> bytes:
        path = self.folder / name
        try:
            return path.read_bytes()
        except OSError as error:
            raise self._wrong(where, _("put the file “{name}” beside this one: it is not there", name=name)) from error

    def _timing(self, now: int) -> Timing:
        when = self.spec.when
        planned = Timing(at=moment_of(when.at) if when.at else None, zone=when.zone)
        if when.hour is not None:
            planned = at_their_hour(" ".join(filter(None, (when.day, when.hour))), when.zone, now)
        if when.waves is None:
            return planned
        return replace(planned, wave=when.waves.people, every=whole_minutes(when.waves.every_ms))


def of_project(known: Known) -> Audience:
    """Whom a project asks for: gate, languages, the skills it needs. Any one of several skills is enough here."""
    asked = known.spec.audience
    gate = asked.gate if asked.gate > 1 else 0
    return Audience(gate=gate, languages=tuple(asked.languages), skills=tuple(asked.skills))
