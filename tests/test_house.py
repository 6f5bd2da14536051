"""The rules of the house that no linter knows: sizes, imports, requirements, links."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "tasks", "db")
MESSENGERS = {"aiogram", "telegram"}
THEIR_PLACES = ("bot/channels/", "bot/jobs/courier.py", "bot/wiring.py")
MOST_LINES_IN_A_FUNCTION = 60
MOST_LINES_IN_A_FILE = 350


def _sources() -> list[Path]:
    """All modules of the rooms, but for migrations: those are lists of columns, and never change."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    return [file for file in files if "versions" not in file.parts]


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", _sources(), ids=_name)
def test_every_module_is_one_idea(file: Path) -> None:
    text = file.read_text("utf-8")
    tree = ast.parse(text)
    assert not text or ast.get_docstring(tree), "begins with a sentence"
    assert len(text.splitlines()) <= MOST_LINES_IN_A_FILE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_LINES_IN_A_FUNCTION, node.name


def test_messengers_are_imported_only_in_their_places() -> None:
    strays = [
        f"{_name(file)}: {name}"
        for file in _sources()
        if not _name(file).startswith(THEIR_PLACES)
        for name in _imported(ast.parse(file.read_text("utf-8")))
        if name.partition(".")[0] in MESSENGERS
    ]
    assert strays == []


def test_below_the_edges_nothing_is_asynchronous() -> None:
    strays = [
        _name(file)
        for room in ("handlers", "tasks", "db")
        for file in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]
    assert strays == []


def test_starting_it_loads_nothing_but_the_standard_library() -> None:
    code = "import sys; import bot.bootstrap; print(sorted(n for n in sys.modules if n in {'typer', 'pydantic'}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def _pins(file: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_hashed_and_name_no_host(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_tests_requirements_hold_the_programs_at_the_same_versions() -> None:
    tests = _pins("requirements-dev.txt")
    assert {name: tests.get(name) for name in _pins("requirements.txt")} == _pins("requirements.txt")


def _tracked(pattern: str) -> list[Path]:
    done = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_lock_and_no_file_names_a_package_index() -> None:
    names = ("py" + "pi.org", "pythonhosted" + ".org", "/opt/" + "py" + "pi", "--index-" + "url=", "find-" + "links=")
    found = [
        f"{_name(file)}: {name}"
        for file in _tracked("*")
        if file.suffix in {"", ".py", ".txt", ".toml", ".md", ".yml", ".yaml", ".service", ".cfg", ".js", ".html"}
        for name in names
        if name in file.read_text("utf-8", errors="replace")
    ]
    assert found == []


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#{1,6} +(.+?)\s*$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    plain = (re.sub(r"[*`]|\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def _links(file: Path) -> Iterator[tuple[str, str]]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", file.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


@pytest.mark.parametrize("file", _tracked("*.md"), ids=_name)
def test_links_between_documents_lead_somewhere(file: Path) -> None:
    for path, anchor in _links(file):
        target = (file.parent / path).resolve() if path else file
        assert target.exists(), f"{path} is not there"
        if anchor:
            assert anchor in _anchors(target.read_text("utf-8")), f"{path}#{anchor} is not there"


def test_the_readme_begins_with_the_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert blocks[:2] == ["python3 main.py demo\n", "python3 main.py test\n"]


def test_the_container_holds_every_room() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert all(f"!{name}" in ignored for name in (*ROOMS, "locales", "examples", "main.py", "pyproject.toml"))
