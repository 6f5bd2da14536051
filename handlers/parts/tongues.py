"""Screens about the languages that somebody speaks, and how well."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, Style
from tasks.profile import LANGUAGES
from tasks.words import Join, Words, _

_ON_A_PAGE = 8
_LEVELS = (_("A little"), _("Well"), _("As my own"))


def level_words(level: int) -> Words:
    """How well, in words: 1 a little, 2 well, 3 as their own."""
    return _LEVELS[min(max(level, 1), len(_LEVELS)) - 1]


def spoken_words(speaks: Mapping[str, int]) -> Words:
    """All that they speak, the best first."""
    best = sorted(speaks.items(), key=lambda one: -one[1])
    named = [_("{language} ({level})", language=LANGUAGES.get(code, code), level=level_words(n)) for code, n in best]
    return Join(named, ", ") if named else _("not said yet")


def tongues(speaks: Mapping[str, int], page: int) -> Screen:
    """All languages there are to choose from; the keys keep their places."""
    page, shown = page_of(list(LANGUAGES.items()), page, _ON_A_PAGE)
    keys = [[Key(_named(name, speaks.get(code, 0)), "profile.tongue", code)] for code, name in shown]
    pairs = [[*keys[at], *(keys[at + 1] if at + 1 < len(keys) else [])] for at in range(0, len(keys), 2)]
    lines = [
        Line(_("Which languages do you speak?"), Style.STRONG),
        Line(_("Some projects need them. Tap one to say how well you speak it.")),
    ]
    turning = pager("profile.tongues", page, len(LANGUAGES), _ON_A_PAGE)
    return Screen(lines, [*pairs, *turning, [Key(_("Done"), "profile.show")]])


def how_well(language: str, page: int) -> Screen:
    """One language: how well; ``page`` is the one of all languages that it stands on."""
    levels = [[Key(words, "profile.level", [language, level])] for level, words in enumerate(_LEVELS, 1)]
    lines = [Line(_("How well do you speak {language}?", language=LANGUAGES.get(language, language)), Style.STRONG)]
    others = [[Key(_("Not at all"), "profile.level", [language, 0])], [Key(_("Back"), "profile.tongues", page)]]
    return Screen(lines, [*levels, *others])


def _named(name: str, level: int) -> Words:
    return Join(("✓ ", name)) if level else name
