"""The catalogues say all that the code says, nothing else, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message

from locales.update import LOCALES, ROOT, catalogue_files, extract, read, sentences, untranslated

LANGUAGES = [file.parent.parent.name for file in catalogue_files()]


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What the code says."""
    return extract()


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read(LOCALES / request.param / "LC_MESSAGES" / "messages.po")


def ids(catalog: Catalog) -> set[object]:
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in sentences(catalog)}


def pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Each English sentence with each of its translations; a plural's forms go with its plural."""
    for message in sentences(catalog):
        if isinstance(message.id, str):
            yield message.id, str(message.string)
        else:
            yield from ((message.id[-1], form) for form in message.string)


def fields(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


def test_there_are_english_and_korean() -> None:
    assert {"en", "ko"} <= set(LANGUAGES)


def test_the_template_is_what_the_code_says(said: Catalog) -> None:
    with (LOCALES / "messages.pot").open("rb") as file:
        from babel.messages.pofile import read_po  # noqa: PLC0415 - only here

        assert ids(read_po(file)) == ids(said), "run: python -m locales.update"


def test_nothing_is_missing(catalogue: Catalog, said: Catalog) -> None:
    assert ids(said) - ids(catalogue) == set(), "run: python -m locales.update"


def test_nothing_is_left_that_the_code_no_longer_says(catalogue: Catalog, said: Catalog) -> None:
    assert ids(catalogue) - ids(said) == set(), "run: python -m locales.update"
    assert not catalogue.obsolete


def test_everything_is_translated_and_nothing_is_guessed(catalogue: Catalog) -> None:
    assert [message.id for message in untranslated(catalogue)] == []


def test_a_translation_has_the_fields_of_its_sentence(catalogue: Catalog) -> None:
    # a plural form may leave {n} out where it says the number in words
    wrong = [(e, t) for e, t in pairs(catalogue) if fields(t) - fields(e) or (fields(e) - fields(t)) - {"n"}]
    assert wrong == []


def test_every_plural_has_its_forms(catalogue: Catalog) -> None:
    for message in sentences(catalogue):
        if not isinstance(message.id, str):
            assert len(message.string) == catalogue.num_plurals, message.id
            assert all(message.string), message.id


def test_plural_rules_are_those_of_cldr(catalogue: Catalog) -> None:
    assert catalogue.locale is not None
    used = {Locale.parse(str(catalogue.locale)).plural_form(n) for n in range(200)}
    assert catalogue.num_plurals == len(used)


def test_both_forms_of_a_plural_have_the_same_fields(said: Catalog) -> None:
    plurals = [message.id for message in sentences(said) if not isinstance(message.id, str)]
    assert [one for one in plurals if (fields(one[0]) ^ fields(one[1])) - {"n"}] == []


def test_sentences_keep_their_frame(catalogue: Catalog) -> None:
    """White space around a sentence belongs to the screen; lines, marks and commands are not translated away."""
    for english, translated in pairs(catalogue):
        assert translated == translated.strip() or english != english.strip(), english
        for mark in ("\n", "⋯", "↶", "✓"):
            assert english.count(mark) == translated.count(mark), english
        assert re.findall(r"(?<![\w}])/[a-z]+", english) == re.findall(r"(?<![\w}])/[a-z]+", translated), english


def sentence_ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_every_sentence_in_english_is_typed_with_care(said: Catalog) -> None:
    """One sort of quotes and of dots; no two sentences that differ only by a full stop or by case."""
    english = [one for message in sentences(said) for one in sentence_ids(message)]
    assert [one for one in english if '"' in one or "..." in one or "  " in one] == []
    bare: dict[str, set[str]] = {}
    for message in sentences(said):
        for one in sentence_ids(message)[:1]:
            bare.setdefault(one.casefold().rstrip(".!"), set()).add(one)
    assert [same for same in bare.values() if len(same) > 1] == []


def test_the_update_loop_is_documented() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    assert "python -m locales.update" in text
    assert "pybabel extract" in text
    assert "pybabel update" in text
