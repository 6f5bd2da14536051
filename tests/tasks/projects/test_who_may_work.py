"""What a project file may ask of people: read, stored, refused with a remedy, and changed while people work."""

from __future__ import annotations

import pytest

from tasks.projects.changes import deals_otherwise, fixed_keys_changed
from tasks.projects.mistakes import ProjectFileError
from tasks.projects.reading import parse_project
from tasks.projects.spec import Spec

LEAST = "id: x\ntitle: X\nkind: choice\nlabels:\n  - {key: a, text: A}\n  - {key: b, text: B}\n"
ASKING = f"""{LEAST}topic: Food
audience: {{languages: [ko], level: 2, gate: 2, age: 19, skills: [grammar], invited: true}}
qualification: {{skill: spice, practice: 5, quiz: 10, pass: 0.8, band: 0.6, per_question: 30s, expires_after: 30d}}
review: {{votes: 3, quiz: 8, pass: 0.75}}
"""


def read(text: str) -> Spec:
    return parse_project(text.encode())


def test_every_key_is_read_and_reads_back() -> None:
    spec = read(ASKING)
    assert (spec.topic, spec.skill, spec.audience.level, spec.audience.age) == ("Food", "spice", 2, 19)
    assert (spec.audience.skills, spec.audience.invited) == (("grammar",), True)
    assert (spec.qualification.band, spec.qualification.per_question_ms) == (0.6, 30_000)
    assert (spec.review.quiz, spec.review.pass_share) == (8, 0.75)
    assert Spec.model_validate_json(spec.model_dump_json()) == spec


def test_what_is_left_out_asks_for_nothing_but_eighteen_years() -> None:
    spec = read(LEAST)
    assert (spec.skill, spec.topic, spec.audience.age, spec.audience.invited) == ("x", "", 18, False)
    assert (spec.qualification.quiz, spec.qualification.band, spec.review.quiz) == (0, None, 0)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("qualification: {practice: 1, band: 0.9}", "let “band” be below “pass”"),
        ("qualification: {band: 0.5}", "ask for “practice” too"),
        ("qualification: {per_question: 2s}", "choose a time from 5s to 1h"),
        ("qualification: {skill: Über}", "use only the letters a to z"),
        ("qualification: {quizz: 3}", "did you mean “quiz”?"),
        ("audience: {level: 4}", "it must be 3 or less"),
        ("audience: {age: -1}", "it must be 0 or more"),
        ("audience: {invited: maybe}", "write true or false here"),
        ("audience: {skills: [A b]}", "use only the letters a to z"),
        ("topic: " + "x" * 33, "32 characters are the most"),
    ],
)
def test_mistakes_have_a_line_and_a_remedy(more: str, told: str) -> None:
    with pytest.raises(ProjectFileError) as refused:
        read(f"{LEAST}{more}\n")
    (mistake,) = refused.value.mistakes
    assert told in str(mistake)
    assert str(mistake).startswith("Line 7: ")


def test_wrong_answers_to_a_text_cannot_be_planted() -> None:
    with pytest.raises(ProjectFileError, match="a reviewer’s quiz plants wrong answers"):
        read("id: x\ntitle: X\nkind: text\nreview: {quiz: 3}\n")


def test_all_of_it_may_change_while_people_work() -> None:
    assert fixed_keys_changed(read(LEAST), read(ASKING)) == []
    assert fixed_keys_changed(read(LEAST), read(f"{LEAST}review: {{votes: 5}}\n")) == []
    paid = "reward: {{answer: '1', currency: {}}}\n"
    assert fixed_keys_changed(read(LEAST), read(LEAST + paid.format("KRW"))) == []
    won, euro = (read(LEAST + paid.format(currency)) for currency in ("KRW", "EUR"))
    assert fixed_keys_changed(won, euro) == ["reward.currency"]
    assert deals_otherwise(read(LEAST), read(ASKING))
    assert not deals_otherwise(read(LEAST), read(f"{LEAST}qualification: {{attempts: 5}}\n"))
