"""The project file: what it may say, and how every mistake in it is told at once, with line and remedy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.money.amounts import write_amount
from tasks.projects.mistakes import ProjectFileError, WrongError
from tasks.projects.reading import ProjectFileUnreadableError, parse_project, read_project
from tasks.projects.spec import Spec
from tasks.projects.values import read_amount

DISHES = """
id: dish-photos
title: {en: "Is this dish spicy?", ko: "이 음식은 매운가요?"}
instructions: {en: "Judge by what you see …", ko: "…"}
kind: choice
question: {en: "Is it spicy?", ko: "매운가요?"}
labels:
  - {key: spicy, text: {en: "Spicy 🌶", ko: "매워요"}}
  - {key: mild,  text: {en: "Mild",  ko: "안 매워요"}}
show: {image: photo, text: caption}          # columns of the data file that the worker sees
overlap: {min: 2, max: 5, confidence: 0.95}  # or `overlap: 3`, a fixed number
gold: {share: 0.1}
qualification: {practice: 5, quiz: 10, pass: 0.8, attempts: 2, retry_after: 24h, expires_after: 30d}
audience: {languages: [ko, en], gate: 1}
reward: {answer: "20", vote: "10", currency: KRW}
limits: {lease: 15m, per_day: 200, share: 0.25}
review: {votes: 3, appeal_within: 7d}
schedule: {opens: 2026-12-01T09:00+09:00, deadline: 2026-12-10T18:00+09:00}
privacy: {protect: true, watermark: true, pii: mask, keep: 180d}
"""
LABELS = "labels:\n  - {key: a, text: A}\n  - {key: b, text: B}\n"
LEAST = f"id: x\ntitle: X\nkind: choice\n{LABELS}"


def spec(text: str) -> Spec:
    return parse_project(text.encode())


def mistakes(text: str | bytes, *, is_json: bool = False) -> list[str]:
    with pytest.raises(ProjectFileError) as raised:
        parse_project(text if isinstance(text, bytes) else text.encode(), is_json=is_json)
    return [str(mistake) for mistake in raised.value.mistakes]


# --------------------------------------------------------------------------- what it may say


def test_every_key_is_read() -> None:
    read = spec(DISHES)
    assert read.title == {"en": "Is this dish spicy?", "ko": "이 음식은 매운가요?"}
    assert [label.key for label in read.labels] == ["spicy", "mild"]
    assert (read.overlap.min, read.overlap.max, read.overlap.confidence, read.overlap.fixed) == (2, 5, 0.95, False)
    assert read.reward
    assert (read.reward.answer, read.reward.vote, read.reward.currency) == (20, 10, "KRW")
    assert (read.limits.lease_ms, read.limits.per_day, read.limits.share) == (900_000, 200, 0.25)
    assert read.qualification.pass_share == 0.8
    assert read.qualification.retry_after_ms == 86_400_000
    assert read.schedule.opens == datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert read.privacy.keep_ms == 180 * 86_400_000


def test_what_is_stored_reads_back_as_the_same_project() -> None:
    read = spec(DISHES)
    stored = read.model_dump_json()
    assert Spec.model_validate_json(stored) == read
    assert parse_project(stored.encode(), is_json=True) == read


def test_only_four_keys_are_required() -> None:
    read = spec(LEAST)
    assert read.question == {"": "X"}
    assert read.overlap.fixed
    assert read.gold.share == 0.1
    assert Spec.model_validate_json(read.model_dump_json()) == read


def test_a_number_is_a_fixed_overlap() -> None:
    overlap = spec(f"{LEAST}overlap: 3").overlap
    assert (overlap.min, overlap.max, overlap.confidence) == (3, 3, None)


def test_a_range_without_a_confidence_has_a_sound_one() -> None:
    assert spec(f"{LEAST}overlap: {{min: 2, max: 4}}").overlap.confidence == 0.95


def test_nothing_is_asked_again_unless_the_file_allows_it() -> None:
    assert spec(f"{LEAST}overlap: {{min: 2, max: 4}}").overlap.reopen == 0
    read = spec(f"{LEAST}overlap: {{min: 2, max: 4, reopen: 0.05}}")
    assert read.overlap.reopen == 0.05
    assert Spec.model_validate_json(read.model_dump_json()) == read


@pytest.mark.parametrize("key", ["no", "0", "007", "1e3", "2026-12-01", "on", "🌶"])
def test_a_plain_word_stays_as_it_is_written(key: str) -> None:
    read = spec(f"id: x\ntitle: X\nkind: choice\nlabels:\n  - {{key: {key}, text: {key}}}\n  - {{key: b, text: B}}\n")
    assert read.labels[0].key == key
    assert read.labels[0].text == {"": key}


def test_forty_labels_and_more() -> None:
    labels = "".join(f"  - {{key: k{number}, text: L{number}}}\n" for number in range(60))
    assert len(spec(f"id: x\ntitle: X\nkind: multi-choice\nlabels:\n{labels}").labels) == 60


def test_json_is_read_too_with_tabs_and_escapes() -> None:
    text = '{\n\t"id": "x",\n\t"title": "Spicy \\ud83c\\udf36?",\n\t"kind": "text",\n\t"length": {"max": 80}\n}'
    read = parse_project(text.encode(), is_json=True)
    assert read.title == {"": "Spicy 🌶?"}
    assert read.length.max == 80


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert parse_project(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode()).id == "x"


def test_a_rating_has_a_scale_with_words() -> None:
    read = spec("id: x\ntitle: X\nkind: rating\nscale: {min: 0, max: 10, low: {en: Bad}, high: {en: Good}}\n")
    assert read.question_for_kind().high == 10
    assert read.scale.low == {"en": "Bad"}


# --------------------------------------------------------------------------- mistakes


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    found = mistakes(
        "id: Dish photos\ntitel: x\nkind: choise\nlabels:\n  - {key: a, text: {kr: Spicy}}\n  - {key: b, txt: foo}\n"
        'overlap: {min: 5, max: 2}\nreward: {answer: "1,5", vote: 1e9, currency: KRW}\n'
        "limits: {lease: 15, shre: 0.25}\n"
    )
    assert found == [
        "Line 1: id: use only the letters a to z, digits and “-”, at most 64 of them",
        "Line 1: title: add this key: the file cannot do without it",
        "Line 2: titel: did you mean “title”? there is no such key",
        "Line 3: kind: did you mean “choice”? “choise” is not a kind",
        "Line 5: labels[1].text.kr: use a language's code such as en or ko: “kr” is none",
        "Line 6: labels[2].text: add this key: the file cannot do without it",
        "Line 6: labels[2].txt: did you mean “text”? there is no such key",
        "Line 7: overlap: let “max” be at least “min”: 2 is below 5",
        "Line 8: reward.answer: write the amount in plain digits, such as “20”",
        "Line 8: reward.vote: write the amount in plain digits, such as “20”",
        "Line 9: limits.lease: write a number with its unit, such as 15m, 24h or 7d: “15” is not",
        "Line 9: limits.shre: did you mean “share”? there is no such key",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{LEAST}id: y\n", "Line 7: keep one of them: “id” stands here again"),
        ("id: x\ntitle: X\nkind: choice\n", "Line 1: labels: give at least two labels to choose from"),
        (f"{LEAST}gold: {{share: nan}}\n", "Line 7: gold.share: write a number here"),
        (f"{LEAST}overlap: 0\n", "Line 7: overlap.min: choose a higher number: it must be 1 or more"),
        (f"{LEAST}overlap: {{min: 3, max: 3, reopen: 0.1}}\n", "Line 7: overlap: let “max” be above “min”, or leave"),
        (f"{LEAST}overlap: {{min: 1, max: 3, reopen: 2}}\n", "Line 7: overlap.reopen: choose a lower number"),
        (f"{LEAST}schedule: {{deadline: tomorrow}}\n", "2026-12-01T09:00+09:00"),
        (f"{LEAST}schedule: {{deadline: 2026-12-10T10:00}}\n", "add the zone, such as +09:00 or Z"),
        (f"{LEAST}audience: {{languages: [ko, klingonese]}}\n", "audience.languages[2]: use a language's code"),
        (f"{LEAST}reward: {{answer: '1', currency: WON}}\n", "use a currency's code such as KRW, EUR or USD"),
        (f"{LEAST}examples:\n  - {{text: hi, answer: c}}\n", "Line 8: examples[1].answer: Choose one of the labels"),
        (f"{LEAST}examples:\n  - {{answer: a}}\n", "Line 8: examples[1]: give the example a “text” or an “image”"),
        (f"{LEAST}privacy: {{protect: maybe}}\n", "write true or false here"),
        (f"{LEAST}privacy: {{pii: hide}}\n", "write one of these: show or mask"),
        (f"{LEAST}instructions: {{}}\ntitle2: a\n", "Line 8: title2: did you mean “title”?"),
        (f"{LEAST}zzz: 1\n", "take this key out: there is none of that name; these are known: id, title"),
        ("id: x\ntitle: ''\nkind: text\n", "Line 2: title: write something here: it is empty"),
        (f"id: x\ntitle: {'a' * 101}\nkind: text\n", "write it in at most 100 characters: it has 101"),
        (f"{LEAST}limits: {{lease: 1s}}\n", "choose a lease from 1m to 7d"),
        ("id: x\ntitle: X\nkind: rating\nscale: {min: 5, max: 1}\n", "Line 4: scale: let “max” be above “min”"),
        ("id: x\ntitle: X\nkind: choice\nlabels: {a: A}\n", "Line 4: labels: write a list here"),
        ("id: x\ntitle: X\nkind: choice\nlabels: [a, b]\n", "labels[1]: write keys with values here: key, text"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(text: str, told: str) -> None:
    assert any(told in mistake for mistake in mistakes(text)), mistakes(text)


def test_labels_have_keys_of_their_own_that_fit_a_button() -> None:
    long = "ㄱ" * 21
    found = mistakes("id: x\ntitle: X\nkind: choice\nlabels:\n  - {key: a, text: A}\n  - {key: a, text: B}\n")
    assert found == ["Line 6: labels[2].key: use each key once: “a” stands here again"]
    found = mistakes(f"id: x\ntitle: X\nkind: choice\nlabels:\n  - {{key: {long}, text: A}}\n  - {{key: b, text: B}}\n")
    assert "has 63 bytes, 60 is the most" in found[0]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "write the project into the file: it is empty"),
        (b"\n \n", "write the project into the file: it is empty"),
        (b"# nothing\n", "write the project into the file: it is empty"),
        (b"- a\n- b\n", "Line 1: begin with keys and values"),
        (b"just words\n", "Line 1: begin with keys and values"),
        (b"id: x\n\ttitle: y\n", "Line 2: indent with spaces: there is a tab here"),
        (b"id: x\ntitle: caf\xe9\n", "Line 2: save the file as UTF-8"),
        (b"id: x\ntitle: what: now\n", "Line 2: put words with a colon in them in quotes"),
        (b"id: x\ntitle: 'open\n", "check quotes, colons, brackets"),
        (b"id: x\n---\nid: y\n", "Line 2: keep one project in a file"),
        (b"id: x\ntitle: a\x07b\n", "Line 2: take the control characters out"),
        (b"id: !!python/object:os.system x\n", "Line 1: take the tag"),
        (b"a: &a [x]\nb: *a\n", "Line 2: write it out: “*a” stands for another part of the file"),
        (b"a: " + b"[" * 5000, "write it flatter"),
        (b"? [a]\n: b\n", "Line 1: write a key before the colon"),
        (b"x" * 1_000_001, "far too large"),
    ],
)
def test_a_text_that_is_no_project_gets_one_clear_sentence(raw: bytes, told: str) -> None:
    assert any(told in mistake for mistake in mistakes(raw))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b'{"id": "x",\n "title": }', "Line 2: mend the JSON near column 11"),
        (b'{"id": "x", "id": "y", "title": "X", "kind": "text"}', "keep one of them: “id” stands here again"),
        (b"[" * 100_000, "write it flatter"),
        (b"[1]", "begin with keys and values"),
    ],
)
def test_json_gets_its_lines_too(raw: bytes, told: str) -> None:
    assert told in mistakes(raw, is_json=True)[0]


def test_a_bomb_of_aliases_is_not_expanded() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
    )
    assert sum("write it out" in mistake for mistake in mistakes(bomb)) == 81


@pytest.mark.parametrize(
    "raw", [b"id: x\n" + b"# far too much\n" * 400_000, b"labels: [" + b"a," * 60_000 + b"]"], ids=["bytes", "values"]
)
def test_a_file_that_is_far_too_large_is_told_at_once(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.yaml").write_bytes(raw)
    with pytest.raises(ProjectFileError, match="far too large"):
        read_project(tmp_path / "x.yaml")


@pytest.mark.parametrize("raw", [b"a: " + b"[" * 20_000, b"a: " + b"{b: " * 20_000, b"[" * 200_000])
def test_what_lies_too_deep_is_told_at_once(raw: bytes) -> None:
    assert "flatter" in "".join(mistakes(raw))
    assert mistakes(raw, is_json=True)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileUnreadableError, match="cannot be read"):
        read_project(tmp_path / "none.yaml")


@given(st.binary(max_size=200))
def test_no_bytes_whatsoever_crash_it(raw: bytes) -> None:
    for is_json in (False, True):
        with pytest.raises(ProjectFileError):
            parse_project(raw, is_json=is_json)


# --------------------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("20", "KRW", 20),
        ("0.05", "USD", 5),
        ("0.5", "USD", 50),
        ("1", "EUR", 100),
        ("1.234", "KWD", 1234),
        ("0", "KRW", 0),
    ],
)
def test_amounts_are_minor_units_of_their_currency(text: str, currency: str, minor: int) -> None:
    assert read_amount(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["1,5", "1e9", "-1", "+1", "0.005", "1.", ".5", "", "\u0661", "1_000", "Infinity", "9" * 13]
)
def test_other_spellings_of_amounts_are_refused(text: str) -> None:
    with pytest.raises(WrongError):
        read_amount(text, "USD")


@given(st.integers(0, 10**12 - 1), st.sampled_from(["KRW", "USD", "KWD"]))
def test_an_amount_is_written_as_it_is_read(minor: int, currency: str) -> None:
    assert read_amount(write_amount(minor, currency), currency) == minor
