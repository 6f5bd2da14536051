"""Projects that ask something of people before the work, and their practice and quiz rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_WARMTH: Mapping[str, Any] = {
    "id": "warmth",
    "title": {"en": "How warm?", "ko": "얼마나 따뜻한가요?"},
    "kind": "rating",
    "question": {"en": "How warm does it sound?", "ko": "얼마나 따뜻하게 들리나요?"},
    "instructions": {"en": "Listen to the tone.", "ko": "말투를 봐 주세요."},
    "scale": {"min": 1, "max": 5, "low": {"en": "cold", "ko": "차가움"}, "high": {"en": "warm", "ko": "따뜻함"}},
    "examples": [
        {
            "text": {"en": "So good to see you!", "ko": "만나서 정말 반가워요!"},
            "answer": "5",
            "why": {"en": "It is glad.", "ko": "반가워하고 있어요."},
        }
    ],
    "show": {"text": "caption"},
    "overlap": 3,
    "gold": {"share": 0},
}
"""All practice and quiz rows are as warm as can be, so that a talk can be right or wrong whatever is drawn."""


def _asking(name: str, title: Mapping[str, str], needs: Mapping[str, Any], **changed: Any) -> Mapping[str, Any]:
    return {**_WARMTH, "id": name, "title": title, "qualification": needs, **changed}


_ALL = (
    _asking(
        "warmth",
        {"en": "How warm?", "ko": "얼마나 따뜻한가요?"},
        {"practice": 2, "quiz": 3, "pass": 0.6, "expires_after": "30d"},
    ),
    _asking(
        "close",
        {"en": "Close enough", "ko": "아까운 점수"},
        {"practice": 1, "quiz": 4, "pass": 0.75, "band": 0.5, "attempts": 1},
    ),
    _asking(
        "hurry",
        {"en": "Be quick", "ko": "빨리빨리"},
        {"quiz": 2, "pass": 1, "per_question": "30s", "retry_after": "1h"},
    ),
    _asking(
        "coached",
        {"en": "With a coach", "ko": "연습과 함께"},
        {"practice": 1},
        rules=[{"if": {"skips_in_row": {"from": 2}}, "then": "invite-to-practice"}],
    ),
    _asking("proven", {"en": "For old hands", "ko": "숙련자만"}, {}, audience={"gate": 4}),
    _asking("grown", {"en": "For elders", "ko": "어른만"}, {}, audience={"age": 30}),
    _asking("french", {"en": "In French", "ko": "프랑스어로"}, {}, audience={"languages": ["fr"], "level": 2}),
    _asking("skilled", {"en": "For the warm", "ko": "따뜻한 사람만"}, {}, audience={"skills": ["warmth"]}),
    _asking("guests", {"en": "For guests", "ko": "손님만"}, {}, audience={"invited": True}),
)
QUALIFIED: Mapping[str, Mapping[str, Any]] = {spec["id"]: spec for spec in _ALL}
"""By name, as the header ``# project:`` has it."""


def pools(name: str) -> Sequence[Mapping[str, Any]]:
    """Rows to practise on and to be asked in a quiz, where the project asks for any."""
    if name not in QUALIFIED or not QUALIFIED[name]["qualification"]:
        return ()
    practice = [
        {
            "id": f"p{n}",
            "caption": f"practice number {n}",
            "gold": 5,
            "why": "It is a hug in words.",
            "split": "practice",
        }
        for n in range(1, 5)
    ]
    quiz = [{"id": f"q{n}", "caption": f"quiz number {n}", "gold": 5, "split": "quiz"} for n in range(1, 9)]
    return [*practice, *quiz]
