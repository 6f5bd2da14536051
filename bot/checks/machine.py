"""Checks of the machine: Python, packages, disk, folders, clock, port, the file of secrets."""

from __future__ import annotations

import errno
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from bot.bootstrap import RUNTIME, missing
from bot.checks.finding import Finding, advice, good, wrong
from bot.settings import unknown_settings
from tasks.words import _

_LEAST_FREE = 500 * 1024 * 1024
_EASY_FREE = 4 * 1024 * 1024 * 1024
_OTHERS_MAY = 0o077


def python() -> Finding:
    """The interpreter."""
    return good(_("Python"), sys.version.split()[0])


def packages(root: Path) -> Finding:
    """Installed versions against the pinned ones."""
    differ = missing(root / RUNTIME, sys.path)
    if not differ:
        return good(_("Packages"), _("as pinned in {file}", file=RUNTIME))
    names = ", ".join(differ[:5])
    return wrong(
        _("Packages"),
        _("Delete the folder .venv and start again: not as pinned in {file}: {names}.", file=RUNTIME, names=names),
    )


def settings_known() -> Iterable[Finding]:
    """Names with our prefix that mean nothing."""
    for name, nearest in unknown_settings():
        said = (
            _("Write {nearest}: there is no setting {name}.", nearest=nearest, name=name)
            if nearest
            else _("Take it away: there is no setting {name}.", name=name)
        )
        yield advice(_("Settings"), said)


def disk(folder: Path) -> Finding:
    """Room for the database and the media."""
    free = shutil.disk_usage(_existing(folder)).free
    size = f"{free / 1024**3:.1f} GB"
    if free < _LEAST_FREE:
        return wrong(_("Disk"), _("Make room on the disk of {folder}: {size} is free.", folder=str(folder), size=size))
    if free < _EASY_FREE:
        return advice(
            _("Disk"), _("Keep an eye on the disk of {folder}: {size} is free.", folder=str(folder), size=size)
        )
    return good(_("Disk"), _("{size} free", size=size))


def media(folder: Path) -> Finding:
    """Pictures can be stored."""
    try:
        with tempfile.TemporaryFile(dir=_existing(folder)):
            return good(_("Media folder"), str(folder))
    except OSError:
        return wrong(
            _("Media folder"), _("Let this user write to {folder}, or set CROWDLOOM_MEDIA_DIR.", folder=str(folder))
        )


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def clock(now_ms: int, root: Path) -> Finding:
    """Later than the newest thing that is known to be past: the program's own files."""
    if now_ms < (root / RUNTIME).stat().st_mtime * 1000:
        return wrong(_("Clock"), _("Set the clock of this machine: it is behind the program's own files."))
    return good(_("Clock"), _("after the program's own files"))


def port(host: str, number: int) -> Finding:
    """The server can listen; if not, whether another bot does."""
    address = f"{host}:{number}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, number))
        except OSError as error:
            if error.errno == errno.EADDRINUSE and _is_ours(host, number):
                return advice(
                    _("Port"), _("Stop the bot at {address} before another is started with its token.", address=address)
                )
            return wrong(
                _("Port"),
                _(
                    "Set CROWDLOOM_LISTEN to another address: {address} cannot be used: {reason}.",
                    address=address,
                    reason=error.strerror or "",
                ),
            )
    return good(_("Port"), _("{address} is free", address=address))


def _is_ours(host: str, number: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{host}:{number}/healthz", timeout=2) as answer:
            return bool(answer.headers.get("Server") == "crowdloom")
    except (OSError, urllib.error.URLError, ValueError):
        return False


def secrets_file(file: Path) -> Iterable[Finding]:
    """``.env`` is read by its owner alone and is not in the repository."""
    if not file.is_file():
        return
    if file.stat().st_mode & _OTHERS_MAY:
        yield wrong(_("Secrets"), _("Run “chmod 600 {file}”: other users of this machine can read it.", file=file.name))
    elif _is_tracked(file):
        yield wrong(
            _("Secrets"),
            _("Run “git rm --cached {file}” and get a new token: it is in the repository.", file=file.name),
        )
    else:
        yield good(_("Secrets"), _("{file} is readable by its owner alone", file=file.name))


def _is_tracked(file: Path) -> bool:
    git = shutil.which("git")
    if git is None:
        return False
    command = [git, "ls-files", "--error-unmatch", file.name]
    done = subprocess.run(command, cwd=file.absolute().parent, check=False, capture_output=True)  # noqa: S603 - our words
    return done.returncode == 0
