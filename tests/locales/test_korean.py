"""Korean as one writes it to a person on a phone: polite in -요, short, and right whatever the values are."""

from __future__ import annotations

import re

from locales.update import LOCALES, read, sentences

_PO = read(LOCALES / "ko" / "LC_MESSAGES" / "messages.po")
KOREAN = [
    form for one in sentences(_PO) for form in ([one.string] if isinstance(one.string, str) else one.string) if form
]

PARTICLES = ("을", "를", "은", "는", "이", "가", "과", "와", "으로", "로", "이에요", "예요", "이라", "라", "아", "야")
"""Their form depends on the sound before them: none may stand behind a value."""
_BEHIND_A_VALUE = re.compile(r"\}[”\u2019\"']*(" + "|".join(PARTICLES) + r")(?![가-힣])")
_FORMAL = re.compile(r"(습니다|ㅂ니다|[입합됩십옵랍갑봅둡줍씁칩킵립깁]니다|십시오|하시오|습니까|니까\?)")
_PLAIN = re.compile(r"(?:한다|했다|이다|된다|됐다|없다|있다|해라|하라)[.!]?(?:\s|$)")
_BOTH_FORMS = re.compile(r"\((으|이|은|는|을|를|가)\)|[은는이가을를]/[은는이가을를]")
_POLITE_END = re.compile(r"(요|죠)[”\u2019)]*(\([^)]*\))?[.!?…]*$")


def test_it_is_polite_and_not_stiff() -> None:
    assert [one for one in KOREAN if _FORMAL.search(one) or _PLAIN.search(one)] == []


def _ends_well(part: str) -> bool:
    """What comes behind a colon may be a name or a value."""
    core = part.rpartition(": ")[2]
    return not re.search("[가-힣]", core) or core.rstrip(".!?”").endswith("}") or bool(_POLITE_END.search(core))


def test_whole_sentences_end_in_yo() -> None:
    whole = [part for one in KOREAN if one[-1] in ".!?" for part in re.split(r"(?<=[.!?])\s+", one)]
    assert [part for part in whole if not _ends_well(part)] == []


def test_no_particle_depends_on_a_value() -> None:
    assert [one for one in KOREAN if _BEHIND_A_VALUE.search(one) or _BOTH_FORMS.search(one)] == []


def test_there_is_korean_in_it() -> None:
    bare = {one: re.sub(r"\{\w+\}|/\w+|[^A-Za-z가-힣]", "", one) for one in KOREAN}
    assert [one for one, letters in bare.items() if letters and not re.search("[가-힣]", letters)] == []


def test_nobody_is_spoken_down_to() -> None:
    assert [one for one in KOREAN if re.search(r"당신|너는|네가|잘못하|틀렸", one)] == []
