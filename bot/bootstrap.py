"""Install what is needed beside ``main.py``, once, and go on in there. Standard library only; older Pythons read it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "requirements.txt"
TESTS = "requirements-dev.txt"
"""Holds all of ``RUNTIME`` too."""
STAMP = "crowdloom-installed"
"""In the environment, written last: digests of the requirements that it holds."""
UNFINISHED = "crowdloom-installing"
"""In the environment while it is being filled; if it is there at a start, that was interrupted."""

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+))?", re.MULTILINE)
_STEP = re.compile(r"(?:Collecting|Processing) (?:\S*/)?([A-Za-z0-9._]+(?:-[A-Za-z][A-Za-z0-9._]*)*)")
"""What pip says of a package that it fetches, or finds in a folder."""


class Refusal(Exception):  # noqa: N818 - a sentence for the person, not an error of ours
    """Why there is nothing to start in: the one sentence that is shown."""


def ensure(arguments: Sequence[str], root: Path = ROOT) -> None:
    """Return if this process has what it needs; else install that, and start over in its environment."""
    try:
        python = _python_for(arguments, root)
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
    if python is not None:
        sys.stdout.flush()
        os.execv(python, [str(python), *sys.orig_argv[1:]])  # noqa: S606 - the same program again, in its environment


def _python_for(arguments: Sequence[str], root: Path) -> Path | None:
    """The interpreter to go on with; None for the one that is running."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one is to be told so
        raise Refusal(f"Start it with Python 3.11 or newer: this is Python {sys.version.split()[0]}.")
    if os.environ.get("CROWDLOOM_BOOTSTRAP") == "off":
        return None
    files = [root / RUNTIME, root / TESTS] if arguments[1:2] == ["test"] else [root / RUNTIME]
    venv = root / ".venv"
    inside = _is_inside(venv)
    if not inside and sys.prefix != sys.base_prefix and _holds(Path(sys.prefix), files[-1]):
        return None
    if not _is_ready(venv, files):
        with _alone(root) as lock:
            if not _is_ready(venv, files):
                _fill(venv, files, lock)
    return None if inside else venv / "bin" / "python"


def _is_inside(venv: Path) -> bool:
    return venv.resolve() == Path(sys.prefix).resolve()


def _is_ready(venv: Path, files: Sequence[Path]) -> bool:
    """Whether the stamp names all of ``files`` as they are now, and the interpreter is still there."""
    try:
        stamp = (venv / STAMP).read_text("utf-8").split()
    except OSError:
        return False
    return (venv / "bin" / "python").exists() and all(_digest(file) in stamp for file in files)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _holds(prefix: Path, requirements: Path) -> bool:
    """Whether an environment has every pinned distribution that is meant for this machine."""
    return not missing(requirements, [str(site) for site in prefix.glob("lib/python*/site-packages")])


def missing(requirements: Path, sites: Sequence[str]) -> list[str]:
    """Pinned distributions that are not in the folders ``sites`` in a pinned version."""
    from importlib.metadata import distributions  # noqa: PLC0415 - costs 20 ms, which a second start need not pay

    there = {(_plain(found.metadata["Name"]), found.version) for found in distributions(path=list(sites))}
    names: dict[str, bool] = {}
    for name, version, marker in _PIN.findall(requirements.read_text("utf-8")):
        elsewhere = "win32" in marker
        names[name] = names.get(name, False) or (_plain(name), version) in there or elsewhere
    return [name for name, found in names.items() if not found]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@contextmanager
def _alone(root: Path) -> Iterator[int]:
    """Keep other starts from installing at the same time; the lock, for pip to hold it too while it lives."""
    import fcntl  # noqa: PLC0415 - only where something is installed

    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _say("Another start is installing already; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _fill(venv: Path, files: Sequence[Path], lock: int) -> None:
    """Make the environment if need be, install into it, and stamp it."""
    unfinished = venv / UNFINISHED
    orphaned = (venv / "pyvenv.cfg").exists() and not (venv / "bin" / "python").exists()
    if unfinished.exists() or orphaned:
        shutil.rmtree(venv)
    if not (venv.exists() and _holds(venv, files[-1])):
        _say(f"Installing what is needed into {venv}: once, it takes a minute or two.")
        try:
            pip = _pip(venv)
            unfinished.touch()
            _install(pip, files[-1], lock)
        except OSError as error:
            raise Refusal(
                f"Make room for {venv} and let yourself write there, or install {files[-1].name} elsewhere and set "
                f"CROWDLOOM_BOOTSTRAP=off: {error.strerror}."
            ) from error
    (venv / STAMP).write_text("\n".join(_digest(file) for file in files), "utf-8")
    unfinished.unlink(missing_ok=True)


def _pip(venv: Path) -> list[str]:
    """A command that installs into ``venv``, which is made here; by whatever this machine has for it."""
    python = str(venv / "bin" / "python")
    if (venv / "bin" / "python").exists() and next(venv.glob("lib/python*/site-packages/pip"), None):
        return [python, "-m", "pip", "install"]
    if importlib.util.find_spec("ensurepip"):
        _quietly([sys.executable, "-m", "venv", "--clear", str(venv)])
        return [python, "-m", "pip", "install"]
    if importlib.util.find_spec("virtualenv"):
        _quietly([sys.executable, "-m", "virtualenv", "--quiet", "--clear", str(venv)])
        return [python, "-m", "pip", "install"]
    uv = shutil.which("uv")
    if uv:
        _quietly([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(venv)])
        return [uv, "pip", "install", "--python", python]
    if importlib.util.find_spec("pip") and importlib.util.find_spec("venv"):
        _quietly([sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)])
        return [sys.executable, "-m", "pip", "--python", python, "install"]
    raise Refusal("Install the package python3-venv (apt install python3-venv) and start again: Python cannot install.")


def _quietly(command: Sequence[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - fixed words of ours
    if done.returncode:
        raise Refusal(f"Start again, or make a virtual environment by hand: {_last_line(done.stdout + done.stderr)}")


def _install(pip: Sequence[str], requirements: Path, lock: int) -> None:
    """Install with hashes, a line of progress for each package."""
    total = len(_PIN.findall(requirements.read_text("utf-8")))
    command = [*pip, "--require-hashes", "--no-input", "--progress-bar=off", "-r", str(requirements)]
    if Path(pip[0]).name == "uv":
        command = [*pip, "--require-hashes", "-r", str(requirements)]
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603 - fixed words of ours
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, pass_fds=(lock,)
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            _progress(line, sum(bool(_STEP.match(seen)) for seen in lines), total)
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    if process.returncode:
        errors = [line for line in lines if line.startswith("ERROR:")] or lines
        raise Refusal(f"Check the network and pip's settings, then start again: {_last_line(''.join(errors))}")


def _progress(line: str, count: int, total: int) -> None:
    """One line that changes on a terminal; a line for every tenth package in a file."""
    step = ""
    if found := _STEP.match(line):
        step = f"  {count} of {total}: {found[1]}"
    elif line.startswith("Installing collected packages"):
        step = "  putting them in place"
    if step and sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{step}")
        sys.stderr.flush()
    elif step and (count % 10 == 0 or "place" in step):
        _say(step)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it gave no reason"])[-1]
