"""A broadcast in the demo, on a phone: every key is read whole, and the first one is the way forward."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.test_demo import newest, sees, tap

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

_CUT = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"


def _writes(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.locator("textarea").press("Enter")


def _whole(page: Page, first: str) -> None:
    keys = newest(page).get_by_role("button")
    assert keys.evaluate_all(_CUT) == []
    assert keys.first.inner_text() == first


def test_an_admin_writes_to_everybody(opening: Open, demo: str) -> None:
    page = opening(f"{demo}/#admin")
    if newest(page).get_by_role("button", name="I agree, let’s go").count():
        tap(page, "I agree, let’s go")
        tap(page, "Later")
    _writes(page, "/broadcast")
    sees(page, "There is none yet")
    _whole(page, "New broadcast")
    tap(page, "New broadcast")
    sees(page, "Write the message in English.")
    _writes(page, "New <b>messages</b> are here")
    sees(page, "When: at once")
    _whole(page, "Send")
    for way, first in (("When", "Now"), ("Who", "That is right")):
        tap(page, way)
        sees(page, {"When": "When it goes out", "Who": "Who gets it"}[way])
        _whole(page, first)
        tap(page, {"When": "Back", "Who": "That is right"}[way])
        sees(page, "not sent yet")
    tap(page, "Send")
    sees(page, "· finished")
    _whole(page, "What came of it")
