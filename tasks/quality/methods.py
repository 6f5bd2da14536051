"""The registry of methods by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from db.errors import InputError, told
from tasks.quality.bwa import Bwa
from tasks.quality.committee import Committee
from tasks.quality.crowd import Method
from tasks.quality.dawid_skene import DawidSkene
from tasks.quality.ebcc import Ebcc
from tasks.quality.glad import Glad
from tasks.quality.hierarchical import Hierarchical
from tasks.quality.ibcc import Ibcc
from tasks.quality.majority import Majority
from tasks.quality.one_coin import OneCoin
from tasks.quality.wawa import Wawa

DEFAULT = "committee"

METHODS: Mapping[str, Callable[[int], Method]] = MappingProxyType(
    {
        "committee": lambda _seed: Committee(),
        "majority": lambda _seed: Majority(),
        "wawa": lambda _seed: Wawa(),
        "one-coin": lambda _seed: OneCoin(),
        "dawid-skene": lambda _seed: DawidSkene(),
        "ibcc": lambda _seed: Ibcc(),
        "ebcc": lambda seed: Ebcc(seed=seed),
        "bwa": lambda _seed: Bwa(),
        "hierarchical": lambda _seed: Hierarchical(),
        "glad": lambda _seed: Glad(),
    }
)
"""Makes a method, from a seed for what it draws. LA-twopass is none of them: it walks from task to task, which
NumPy cannot do at once, and BWA is as quick and righter on real crowds."""


class UnknownMethodError(InputError):
    """There is no such method."""

    message = told("Choose one of {known}: there is no method “{name}”.")


class MistypedMethodError(InputError):
    """There is no such method, but one like it."""

    message = told("Did you mean “{nearest}”? There is no method “{name}”, but {known}.")


def known(name: str) -> str:
    """The name as it stands in METHODS. Raises UnknownMethodError, MistypedMethodError."""
    plain = name.strip().lower().replace("_", "-").replace(" ", "-")
    if plain in METHODS:
        return plain
    names = ", ".join(METHODS)
    near = get_close_matches(plain, METHODS, n=1, cutoff=0.6)
    if near:
        raise MistypedMethodError(name=name, nearest=near[0], known=names)
    raise UnknownMethodError(name=name, known=names)
