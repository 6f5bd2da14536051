"""What people say of themselves: their time, quiet hours, what they like to work on, the languages they speak."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from db.queries import joining
from db.session import Tx
from tasks.people import Who
from tasks.projects.spec import Spec
from tasks.zones import Quiet

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English", "ko": "한국어", "zh": "中文", "ja": "日本語", "vi": "Tiếng Việt", "th": "ไทย",
        "id": "Bahasa Indonesia", "fil": "Filipino", "mn": "Монгол", "km": "ខ្មែរ", "my": "မြန်မာ", "ne": "नेपाली",
        "hi": "हिन्दी", "bn": "বাংলা", "ur": "اردو", "uz": "Oʻzbekcha", "kk": "Қазақша", "ru": "Русский",  # noqa: RUF001 - so it is written
        "uk": "Українська", "tr": "Türkçe", "ar": "العربية", "fa": "فارسی", "es": "Español", "pt": "Português",
        "fr": "Français", "de": "Deutsch", "it": "Italiano", "nl": "Nederlands", "pl": "Polski", "sw": "Kiswahili",
    }
)  # fmt: skip
"""The languages that people can say they speak, each by its own name."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one person has said so far; everything may be missing."""

    zone: str = ""
    quiet: Quiet | None = None
    likes: Sequence[str] = ()
    """``kind:choice``, ``topic:Food``; empty for anything."""
    speaks: Mapping[str, int] = field(default_factory=dict)
    """1 a little, 2 well, 3 as their own, by language."""


def read(tx: Tx, person: int) -> Profile:
    """What they have said."""
    row = tx.one(joining.PROFILE, person=person)
    if row is None:
        return Profile()
    quiet = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet = Quiet(row.quiet_from, row.quiet_until)
    return Profile(row.zone, quiet, tuple(json.loads(row.likes)), speaks(tx, person))


def speaks(tx: Tx, person: int) -> Mapping[str, int]:
    """The languages that they say they speak, and how well."""
    return {one.language: one.level for one in tx.all(joining.SPOKEN, person=person)}


def to_be_said(tx: Tx, who: Who, sitting: int) -> bool:
    """Whether to ask once more for what was left for later: at the end of the very first sitting of so many answers."""
    if who.zone:
        return False
    answered = tx.one(joining.ANSWERED, person=who.id)
    return answered is not None and answered.found <= sitting


def set_zone(tx: Tx, who: Who, zone: str) -> Who:
    """Times are theirs from now on."""
    tx.run(joining.ZONE, person=who.id, zone=zone)
    return replace(who, zone=zone)


def set_quiet(tx: Tx, who: Who, quiet: Quiet | None) -> None:
    """Leave them alone at these hours; None for never mind the hour."""
    tx.run(
        joining.QUIET,
        person=who.id,
        start=quiet.start if quiet else None,
        end=quiet.end if quiet else None,
    )


def set_likes(tx: Tx, who: Who, likes: Sequence[str]) -> None:
    """What they would like to work on; nothing for anything."""
    tx.run(joining.LIKES, person=who.id, likes=json.dumps(sorted(set(likes)), ensure_ascii=False))


def set_speaks(tx: Tx, who: Who, language: str, level: int) -> None:
    """They speak this language so well; 0 for not at all."""
    if level:
        tx.run(joining.SPEAKS, person=who.id, language=language, level=level)
    else:
        tx.run(joining.SPEAKS_NOT, person=who.id, language=language)


def traits(spec: Spec) -> Sequence[str]:
    """What somebody may like of a project."""
    return [f"kind:{spec.kind}", *([f"topic:{spec.topic}"] if spec.topic else [])]


def liked(likes: Sequence[str], spec: Spec) -> bool:
    """Whether a project is among what they would like; everything is for whoever has said nothing."""
    return not likes or not set(likes).isdisjoint(traits(spec))
