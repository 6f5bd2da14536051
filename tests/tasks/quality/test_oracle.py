"""The methods beside crowd-kit's on the same answers: as recorded, and (slow) live in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tasks.quality.crowd import UNKNOWN, Crowd, Method
from tasks.quality.dawid_skene import DawidSkene
from tasks.quality.glad import Glad
from tasks.quality.majority import Majority
from tasks.quality.one_coin import OneCoin
from tasks.quality.wawa import Wawa
from tests.support.crowds import crowd as flat

ROOT = Path(__file__).parents[3]
ORACLE = ROOT / "tests" / "oracle"
CROWDS: dict[str, Any] = json.loads((ORACLE / "crowds.json").read_text("utf-8"))

SAME = {
    "majority": 1e-6,
    "wawa": 1e-6,
    "one-coin": 1e-3,
    "dawid-skene": 1e-3,
    "dawid-skene with gold": 1e-3,
    "glad": 1e-2,
}
"""How near to crowd-kit: those that iterate end where their own rule says; GLAD's steps are not the same at all."""


def _method(name: str) -> Method:
    """Without the priors that crowd-kit does not have, and to the end."""
    if name == "one-coin":
        return OneCoin(right=0, wrong=0, most_passes=3_000, tolerance=1e-12)
    if name.startswith("dawid-skene"):
        return DawidSkene(smoothing=1e-10, most_passes=3_000, tolerance=1e-12)
    plain: dict[str, Method] = {
        "majority": Majority(),
        "wawa": Wawa(),
        "glad": Glad(most_passes=2_000, tolerance=1e-10),
    }
    return plain[name]


def _crowd(plain: dict[str, Any], *, gold: bool) -> Crowd:
    found = flat(*(plain[name] for name in ("task", "worker", "label", "tasks", "workers", "labels")))
    if not gold:
        return found
    known = np.full(found.tasks, UNKNOWN, np.int32)
    for task, label in plain["gold"].items():
        known[int(task)] = label
    return Crowd(found.task, found.worker, found.label, found.tasks, found.workers, found.labels, gold=known)


def _agree(answers: dict[str, Any], name: str, method: str) -> None:
    ours = _method(method).fit(_crowd(CROWDS[name], gold=method.endswith("gold"))).posterior_
    np.testing.assert_allclose(ours, answers[name][method], atol=SAME[method])


@pytest.mark.parametrize("method", SAME)
@pytest.mark.parametrize("name", CROWDS)
def test_as_crowd_kit_said(name: str, method: str) -> None:
    _agree(json.loads((ORACLE / "answers.json").read_text("utf-8")), name, method)


@pytest.fixture(scope="module")
def oracle() -> dict[str, Any]:
    """What crowd-kit says now, in the environment ``var/oracle``."""
    place = ROOT / "var" / "oracle"
    python = place / "bin" / "python"
    done = place / "crowdloom-oracle"
    pins = (ROOT / "requirements-oracle.txt").read_text("utf-8")
    if not done.exists() or done.read_text("utf-8") != pins:
        venv.create(place, clear=True, with_pip=True)
        command: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            ROOT / "requirements-oracle.txt",
        ]
        subprocess.run(command, check=True)  # noqa: S603 - fixed words of ours
        done.write_text(pins, "utf-8")
    said = subprocess.run(  # noqa: S603 - as above
        [python, ORACLE / "ask.py"],
        input=json.dumps(CROWDS),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.skipif(sys.version_info >= (3, 14), reason="crowd-kit's old pandas has no wheels for it")
def test_as_crowd_kit_says(oracle: dict[str, Any]) -> None:
    for name in CROWDS:
        for method in SAME:
            _agree(oracle, name, method)
