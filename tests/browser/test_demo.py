"""The demo as a newcomer meets it: a minute on a phone, in both languages, in all three roles."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

_CUSTOMER, _CLOCK, _REPLY = "What does the customer say?", "What does the clock show?", "How friendly is the reply?"
_MIXED = "Is the customer happy?"


def newest(page: Page) -> Any:
    return page.locator("article.theirs").last


def tap(page: Page, label: str) -> None:
    newest(page).get_by_role("button", name=label, exact=True).tap()


def sees(page: Page, text: str | re.Pattern[str]) -> None:
    expect(newest(page)).to_contain_text(text)


def toasted(page: Page, text: str) -> None:
    expect(page.locator(".toast")).to_have_text(text)


def begin(page: Page, project: str) -> None:
    """From the welcome to the first item."""
    tap(page, "I agree, let’s go")
    tap(page, "Later")
    tap(page, project)
    tap(page, "Start")
    sees(page, "1 of 20")


def test_a_newcomers_first_minute(opening: Open, demo: str) -> None:
    page = opening(demo)
    sees(page, "Welcome!")
    tap(page, "I agree, let’s go")
    tap(page, "Later")
    sees(page, "5 open projects")
    tap(page, _CUSTOMER)
    sees(page, "You will be asked: What is this message?")
    tap(page, "Start")
    sees(page, "1 of 20")
    tap(page, "Complaint")
    toasted(page, "✓ Complaint")
    sees(page, "2 of 20")
    first = page.locator("blockquote").inner_text()
    tap(page, "Praise")
    toasted(page, "✓ Praise")
    sees(page, "3 of 20")
    tap(page, "↶ Undo “Praise”")
    toasted(page, "Taken back: answer again.")
    expect(page.locator("blockquote")).to_have_text(first)
    tap(page, "Skip")
    tap(page, "I cannot tell")
    toasted(page, "Skipped")
    sees(page, "2 of 20")
    for label in ("Question", "Praise", "Complaint"):
        tap(page, label)
        toasted(page, f"✓ {label}")
    tap(page, "⋯")
    tap(page, "Read the instructions")
    sees(page, "For example")
    tap(page, "Back to the item")
    tap(page, "⋯")
    tap(page, "Stop for now")
    sees(page, "4 items done. Thank you!")


def test_the_crowd_moves_while_one_watches_and_results_come_out(opening: Open, demo: str, tmp_path: Path) -> None:
    page = opening(demo)
    before = page.locator("#sum").inner_text()
    expect(page.locator("#sum")).not_to_have_text(before)
    expect(page.locator("#sum")).to_have_text(re.compile(r"^\d+ answers · [1-9]\d* of \d+ agreed$"), timeout=120_000)
    page.locator("#strip").tap()
    expect(page.get_by_role("heading", name="Just agreed")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download results").first.tap()
    assert download.value.suggested_filename == "shop-messages-results.csv"
    download.value.save_as(tmp_path / "results.csv")
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 48
    assert {"task_id", "message", "label", "confidence", "answers", "status", "method"} <= rows[0].keys()


def test_ones_own_item_is_on_the_board(opening: Open, demo: str) -> None:
    page = opening(demo)
    begin(page, _REPLY)
    text = page.locator("blockquote").inner_text()
    tap(page, "4")
    toasted(page, "✓ 4")
    page.locator("#strip").tap()
    expect(page.get_by_role("heading", name="Your last item")).to_be_visible()
    expect(page.locator("#panel li").first).to_contain_text(text)
    expect(page.locator("#panel li").first).to_contain_text(re.compile(r"“\d”, \d+% sure after \d+ answers?"))


def test_pictures_are_shown_and_do_not_push_the_keys_around(opening: Open, demo: str) -> None:
    page = opening(demo)
    begin(page, _CLOCK)
    places = []
    for number in range(1, 4):
        sees(page, f"{number} of 20")
        image = newest(page).locator("img")
        expect(image).to_be_visible()
        expect(image).to_have_js_property("naturalWidth", 480)
        places.append(newest(page).get_by_role("button", name="Half past", exact=True).bounding_box())
        tap(page, "Half past")
    assert len({round(place["y"]) for place in places if place}) == 1


def test_the_language_is_changed_in_the_chat_and_the_page_follows(opening: Open, demo: str) -> None:
    page = opening(demo)
    tap(page, "I agree, let’s go")
    tap(page, "Later")
    sees(page, "open projects")
    page.locator("#text").fill("/language")
    page.keyboard.press("Enter")
    sees(page, "Choose your language.")
    tap(page, "한국어")
    sees(page, "열린 프로젝트")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("#text")).to_have_attribute("placeholder", "메시지 쓰기")
    expect(page.locator("#roles")).to_contain_text("작업자")
    expect(page.locator("#sum")).to_contain_text(re.compile("^답"))


def test_a_korean_phone_is_spoken_to_in_korean(opening: Open, demo: str) -> None:
    page = opening(demo, locale="ko-KR", color_scheme="dark")
    sees(page, "반가워요!")
    tap(page, "동의하고 시작하기")
    tap(page, "나중에")
    sees(page, "손님은 무슨 말을 하나요?")
    latin = page.locator("#phone").inner_text()
    assert not re.search("[A-Za-z]{2,}", re.sub("Crowdloom|UTC|/[a-z]+", "", latin)), latin


def test_reviewer_and_admin_have_rooms_of_their_own(opening: Open, demo: str) -> None:
    page = opening(demo)
    begin(page, _CUSTOMER)
    page.get_by_text("Reviewer", exact=True).tap()
    expect(newest(page)).to_be_visible()
    if newest(page).get_by_role("button", name="I agree, let’s go").count():
        tap(page, "I agree, let’s go")
        tap(page, "Later")
    sees(page, "items without agreement")
    page.get_by_text("Admin", exact=True).tap()
    expect(newest(page)).to_be_visible()
    if newest(page).get_by_role("button", name="I agree, let’s go").count():
        tap(page, "I agree, let’s go")
        tap(page, "Later")
    sees(page, "5 projects")
    tap(page, _CUSTOMER)
    sees(page, re.compile(r"\d+ of \d+ items settled"))
    tap(page, "Export")
    tap(page, "Results")
    link = page.get_by_role("link", name=re.compile("csv"))
    expect(link).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        link.tap()
    assert Path(download.value.suggested_filename).suffix == ".csv"
    page.get_by_text("Worker", exact=True).tap()
    sees(page, "1 of 20")


def test_a_newcomer_settles_a_dispute_and_finds_it_in_the_results(opening: Open, demo: str, tmp_path: Path) -> None:
    """The third vote decides at once; the votes and notes of the others are shown then, and the file says verdict."""
    page = opening(demo)
    page.get_by_text("Reviewer", exact=True).tap()
    sees(page, "without agreement · ₩50 a vote")
    tap(page, f"Vote: {_MIXED}")
    sees(page, "How does the customer feel?")
    message = page.locator("blockquote").inner_text()
    newest(page).get_by_role("button", name=re.compile("^A · ")).tap()
    expect(page.locator(".toast")).to_have_text(re.compile("^✓ "))
    tap(page, "To the reviews")
    newest(page).get_by_role("button", name=re.compile("^What became of your votes")).tap()
    tap(page, f"New · {message}")
    sees(page, "The verdict: ")
    sees(page, re.compile("Reviewer 1 · .*“.*Reviewer 2 · .*“", re.DOTALL))
    page.locator("#strip").tap()
    card = page.locator("#panel li").filter(has_text=_MIXED)
    with page.expect_download() as download:
        card.get_by_role("link", name="Download results").tap()
    download.value.save_as(tmp_path / "results.csv")
    with (tmp_path / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["message"]: row for row in csv.DictReader(file)}
    assert (rows[message]["status"], rows[message]["method"]) == ("decided", "verdict")


def test_nonsense_is_answered_in_a_sentence(opening: Open, demo: str) -> None:
    page = opening(demo)
    begin(page, _CUSTOMER)
    for said, answered in (
        ("/nonsense", "is not one of them"),
        ("hello <b>you</b>", "with a tap"),
        ("\u202eabc\u202c \u0645\u0631\u062d\u0628\u0627", "with a tap"),
        ("W" * 5_000, "with a tap"),
    ):
        page.locator("#text").fill(said)
        page.keyboard.press("Enter")
        expect(page.locator("article.mine").last).to_contain_text(said[:100])
        sees(page, answered)
        sees(page, "1 of 20")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
