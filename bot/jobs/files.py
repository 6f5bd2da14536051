"""Project files and data that are sent by chat: read, weighed, imported and written outside of any turn, one by one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.conversation import Job
from bot.inbox import Inbox
from bot.translate import Translator
from db.errors import CrowdloomError, InputError, told
from db.session import Database
from tasks.privacy.audit import Actor
from tasks.projects.catalog import Catalog
from tasks.projects.editing import mark_of, marked
from tasks.projects.media import MediaStore
from tasks.projects.mistakes import DataFileError, ProjectFileError
from tasks.projects.reading import parse_project, read_project
from tasks.projects.spec import Spec
from tasks.words import Words, error_words

_MISTAKES_SHOWN = 8
_LONGEST_SECONDS = 600.0

Arguments = Mapping[str, Any]
Outcome = Mapping[str, Any]


class LongReadingError(InputError):
    """Others wait for the same thread."""

    message = told("Send less at once, or use the shell: reading this took more than {minutes} minutes.")


class FileGoneError(InputError):
    """It lay there too long, or another machine has it."""

    message = told("Send the data file once more: it is not here any more.")


class FileJobs:
    """The jobs that a conversation about a new project may start.

    ``file`` is a project as JSON (its ``Spec``), ``to`` the “id” of one that is there, ``data`` the path of a data
    file, ``items`` those that were written instead; what was given comes back with the outcome, as ``given``.
    """

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        media: MediaStore,
        translator: Translator,
        now: Callable[[], int],
        inbox: Inbox,
        outbox: Path,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._catalog, self._media, self._translator = database, catalog, media, translator
        self._now, self._inbox, self._outbox, self._seconds = now, inbox, outbox, seconds
        self._one = asyncio.Lock()

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        works = {
            "receive": self._receive,
            "plan": self._plan,
            "import": self._import,
            "write": self._write,
            "drop": self._drop,
        }
        return {name: self._guarded(work) for name, work in works.items()}

    def _guarded(self, work: Callable[[Arguments], Outcome]) -> Job:
        def told(arguments: Arguments) -> Outcome:
            try:
                return {"given": arguments, **work(arguments)}
            except (ProjectFileError, DataFileError) as error:
                mistakes: list[Words] = [mistake.told for mistake in error.mistakes]
                return {
                    **_wrong(arguments, mistakes[:_MISTAKES_SHOWN]),
                    "more": max(0, len(mistakes) - _MISTAKES_SHOWN),
                }
            except CrowdloomError as error:
                return _wrong(arguments, [error_words(error)])

        async def run(arguments: Arguments) -> Outcome:
            async with self._one:
                return await asyncio.to_thread(told, arguments)

        return run

    # ----------------------------------------------------------------- what comes in

    def _receive(self, arguments: Arguments) -> Outcome:
        """Which of the two a file is, or both in one."""
        path = Path(arguments["path"])
        self._inbox.tidy()
        try:
            if path.suffix.lower() == ".zip":
                return self._unpacked(path)
            if path.suffix.lower() in {".yaml", ".yml", ".json"}:
                found = {**_project(read_project(path)), "revision": mark_of(path.read_bytes())}
                self._inbox.drop(path)
                return found
            return {"data": str(path), **self._begins(path)}
        except CrowdloomError:
            self._inbox.drop(path)
            raise

    def _unpacked(self, path: Path) -> Outcome:
        from tasks.exchange.archive import has_data, project_in  # noqa: PLC0415 - most files are none
        from tasks.exchange.formats import READERS  # noqa: PLC0415 - as above

        found = project_in(path)
        project = _project(parse_project(found[0], is_json=found[1])) if found else {}
        if project and not has_data(path, READERS):
            self._inbox.drop(path)
            return project
        return {**project, "data": str(path), **self._begins(path)}

    def _begins(self, path: Path) -> Outcome:
        """The columns of a data file, so that one that is none is told at once."""
        from tasks.exchange.formats import open_data  # noqa: PLC0415 - as above

        with open_data(path) as source:
            first = next(source.rows(), None)
        return {"columns": list(first.cells)[:20] if first else []}

    # ----------------------------------------------------------------- what is done with it

    def _plan(self, arguments: Arguments) -> Outcome:
        """What an import would do; nothing is written."""
        from tasks.projects.estimate import plan  # noqa: PLC0415 - as above

        spec = self._spec(arguments)
        done = self._imported(arguments, spec, dry_run=True)
        return plan(self._database, self._catalog, spec, done, self._now())

    def _import(self, arguments: Arguments) -> Outcome:
        done = self._imported(arguments, self._spec(arguments), dry_run=False)
        if arguments.get("data"):
            self._inbox.drop(Path(arguments["data"]))
        return {"key": done.key, "added": done.added, "unchanged": done.unchanged}

    def _imported(self, arguments: Arguments, spec: Spec, *, dry_run: bool) -> Any:
        from tasks.projects.importing import import_project  # noqa: PLC0415 - loads what pictures need

        data = self._data(arguments, spec)
        try:
            return import_project(
                self._database,
                self._catalog,
                spec,
                data,
                self._media,
                self._now(),
                self._in_time(),
                actor=Actor(int(arguments["person"]), arguments["channel"]),
                owner=arguments.get("owner"),
                dry_run=dry_run,
            )
        finally:
            if data and arguments.get("items"):
                self._inbox.drop(data)

    def _spec(self, arguments: Arguments) -> Spec:
        if arguments.get("file"):
            return Spec.model_validate_json(arguments["file"])
        key, owner = arguments["to"], arguments.get("owner")
        return self._database.run(lambda tx: self._catalog.by_key(tx, key, owner)).result().spec

    def _data(self, arguments: Arguments, spec: Spec) -> Path | None:
        """The data file: the one that was sent, or one of the items that were written. Raises FileGoneError."""
        if arguments.get("items"):
            from tasks.exchange.jsonl import JsonlWriter  # noqa: PLC0415 - as above
            from tasks.projects.guided import rows  # noqa: PLC0415 - as above

            written = rows(spec, arguments["items"])
            path = self._inbox.folder() / "items.jsonl"
            path.parent.mkdir(parents=True)
            out = JsonlWriter(path, list(written[0]), ())
            out.write([list(row.values()) for row in written])
            out.close()
            return path
        if not arguments.get("data"):
            return None
        path = Path(arguments["data"])
        if not path.is_file():
            raise FileGoneError
        return path

    def _in_time(self) -> Callable[[int, int], None]:
        """Progress that nobody sees, and that ends what takes too long."""
        began = self._seconds()

        def look(_done: int, _total: int) -> None:
            if self._seconds() - began > _LONGEST_SECONDS:
                raise LongReadingError(minutes=round(_LONGEST_SECONDS / 60))

        return look

    # ----------------------------------------------------------------- what goes out

    def _write(self, arguments: Arguments) -> Outcome:
        """The project file, with remarks in the language of whoever asks."""
        from tasks.projects.writing import write  # noqa: PLC0415 - as above

        spec = self._spec(arguments)
        self._outbox.mkdir(parents=True, exist_ok=True)
        out = self._outbox / f"{self._now()}-{arguments['person']}-{spec.id}.yaml"
        text = write(spec, lambda words: self._translator.words(words, arguments["language"]))
        if arguments.get("to"):
            known = self._database.run(lambda tx: self._catalog.by_key(tx, spec.id)).result()
            text = marked(text, known)
        out.write_text(text, "utf-8")
        return {**_project(spec), "path": str(out), "name": f"{spec.id}.yaml", "once": True}

    def _drop(self, arguments: Arguments) -> Outcome:
        self._inbox.drop(Path(arguments["data"]))
        return {}


def _project(spec: Spec) -> Outcome:
    return {"file": spec.model_dump_json(), "key": spec.id, "title": dict(spec.title)}


def _wrong(arguments: Arguments, mistakes: list[Words]) -> Outcome:
    return {"given": arguments, "mistakes": mistakes, "more": 0}
