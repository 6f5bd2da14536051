"""The page by itself: what is pressed, pushed, kept and shown, on phones and with a keyboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def key(page: Page, label: str) -> Any:
    return page.locator("article").last.get_by_role("button", name=label, exact=True)


def test_a_tap_is_answered_in_place_with_a_toast(opening: Open, served: Served) -> None:
    page = opening(served.address)
    key(page, "Complaint").tap()
    expect(page.locator(".toast")).to_have_text("✓ Complaint")
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator("article").last).to_contain_text("2 of 20")


def test_a_tap_shows_at_once_and_a_second_one_waits(opening: Open, served: Served) -> None:
    served.bot.delay = 0.5
    page = opening(served.address)
    key(page, "Complaint").tap()
    expect(page.locator(".key.down")).to_have_text("Complaint", timeout=300)
    key(page, "Praise").tap()
    expect(page.locator("article").last).to_contain_text("2 of 20")
    page.wait_for_timeout(700)
    expect(page.locator("article").last).to_contain_text("2 of 20")
    expect(page.locator(".key.down")).to_have_count(0)


def test_new_keys_can_be_pressed_before_the_last_press_is_through(opening: Open, served: Served) -> None:
    served.bot.linger = 0.6
    page = opening(served.address)
    expect(key(page, "Praise")).to_be_visible()
    key(page, "Complaint").tap()
    expect(page.locator("article").last).to_contain_text("2 of 20")
    key(page, "Praise").tap()
    expect(page.locator("article").last).to_contain_text("3 of 20")


def test_html_in_an_item_is_shown_as_typed(opening: Open, served: Served) -> None:
    page = opening(served.address)
    quote = page.locator("blockquote")
    expect(quote).to_have_text("The parcel came <b>late</b> & the box was wet.")
    assert quote.locator("b").count() == 0


def test_text_from_right_to_left_stands_on_the_right_and_turns_nothing_else(opening: Open, served: Served) -> None:
    page = opening(served.address)
    for label in ("Question", "Question"):
        key(page, label).tap()
        page.wait_for_timeout(200)
    quote = page.locator("blockquote")
    expect(quote).to_contain_text("مرحبا")
    assert quote.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator("#log").evaluate("node => getComputedStyle(node).direction") == "ltr"


def test_a_stale_key_says_so(opening: Open, served: Served) -> None:
    page = opening(served.address)
    key(page, "Skip").evaluate("node => { node.dataset.data = '7.Skip' }")
    key(page, "Skip").tap()
    expect(page.locator(".toast")).to_contain_text("earlier message")
    expect(page.locator("article").last).to_contain_text("1 of 20")


def test_a_reload_keeps_the_chat(opening: Open, served: Served) -> None:
    page = opening(served.address)
    key(page, "Praise").tap()
    expect(page.locator("article").last).to_contain_text("2 of 20")
    before = page.locator("#log").inner_text()
    page.reload()
    expect(page.locator("article")).to_have_count(2)
    assert page.locator("#log").inner_text() == before


def test_what_is_said_without_a_connection_arrives_later_once(opening: Open, served: Served) -> None:
    page = opening(served.address)
    expect(key(page, "Skip")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#text").fill("are you there?")
    page.locator("#send").tap()
    expect(page.locator("article.mine")).to_contain_text("are you there?")
    expect(page.locator("#status")).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(page.locator("article.theirs", has_text="You said: are you there?")).to_have_count(1)
    expect(page.locator("#status")).to_have_text("online")
    expect(page.locator("article.mine")).to_have_count(1)


def test_after_a_restart_the_page_comes_back_by_itself(opening: Open, served: Served, tmp_path: Path) -> None:
    page = opening(served.address)
    key(page, "Praise").tap()
    expect(page.locator("article").last).to_contain_text("2 of 20")
    served.stop()
    key(page, "Praise").tap()
    expect(page.locator("#status")).to_contain_text("no connection")
    again = Served(tmp_path, "run2", int(served.address.rpartition(":")[2]))
    again.start()
    expect(page.locator("article").last).to_contain_text("1 of 20")
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator("#status")).to_have_text("online")
    again.stop()


def test_a_lost_session_brings_a_new_one(opening: Open, served: Served) -> None:
    page = opening(served.address)
    key(page, "Praise").tap()
    expect(page.locator("article").last).to_contain_text("2 of 20")
    page.context.clear_cookies()
    key(page, "Praise").tap()
    expect(page.locator("article").last).to_contain_text("1 of 20")


def test_the_keyboard_does_everything(opening: Open, served: Served) -> None:
    page = opening(served.address, viewport={"width": 1200, "height": 800}, has_touch=False, is_mobile=False)
    expect(key(page, "Question")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator(".toast")).to_have_text("✓ Question")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Question")  # the same place on the next item
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("✓ Praise")
    outline = page.locator(":focus").evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    page.locator("#text").focus()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("article.theirs", has_text="You said: 12")).to_be_visible()


def test_a_picture_has_words_and_grows_at_a_tap(opening: Open, served: Served) -> None:
    page = opening(served.address)
    key(page, "Complaint").tap()
    picture = page.get_by_role("button", name=re.compile("A red box"))
    expect(picture.locator("img")).to_have_attribute("alt", "A red box")
    picture.tap()
    expect(page.locator("dialog img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()


def test_the_keys_keep_their_place_between_items(opening: Open, served: Served) -> None:
    page = opening(served.address)
    places = []
    for number in range(3):
        expect(page.locator("article").last).to_contain_text(f"{number + 1} of 20")
        page.wait_for_timeout(100)
        places.append(key(page, "Skip").bounding_box()["y"])
        key(page, "Complaint").tap()
    assert max(places) - min(places) <= 1, places


def test_who_reads_further_up_is_not_moved_and_told_of_news(opening: Open, served: Served) -> None:
    page = opening(served.address, viewport={"width": 360, "height": 500})
    for _ in range(6):
        page.locator("#text").fill("hello")
        page.locator("#send").tap()
        page.wait_for_timeout(80)
    page.locator("#log").evaluate("node => node.scrollTo(0, 0)")
    page.wait_for_timeout(100)
    page.evaluate("""() => fetch('/chat/say', {method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({id: crypto.randomUUID(), role: 'worker', text: '/start'})})""")
    expect(page.locator("#newest")).to_be_visible()
    page.locator("#newest").tap()
    expect(page.locator("#newest")).to_be_hidden()


def test_who_presses_further_up_sees_the_answer(opening: Open, served: Served) -> None:
    page = opening(served.address, viewport={"width": 360, "height": 500})
    for _ in range(6):
        page.locator("#text").fill("hello")
        page.locator("#send").tap()
        page.wait_for_timeout(80)
    page.locator("#log").evaluate("node => node.scrollTo(0, 0)")
    page.wait_for_timeout(100)
    page.get_by_role("button", name="⋯", exact=True).first.tap()
    expect(page.locator("article").last).to_contain_text("What would you like?")
    expect(page.locator("article").last).to_be_in_viewport()
    expect(page.locator("#newest")).to_be_hidden()


def test_each_role_has_its_own_chat(opening: Open, served: Served) -> None:
    page = opening(served.address)
    key(page, "Praise").tap()
    expect(page.locator("article").last).to_contain_text("2 of 20")
    page.get_by_text("Admin", exact=True).tap()
    expect(page.locator("article").last).to_contain_text("1 of 20")
    expect(page.locator("#attach")).to_be_visible()
    page.get_by_text("Worker", exact=True).tap()
    expect(page.locator("article").last).to_contain_text("2 of 20")
    expect(page.locator("#attach")).to_be_hidden()


def test_a_file_is_sent_and_comes_back(opening: Open, served: Served) -> None:
    page = opening(f"{served.address}/#admin")
    page.locator("#file").set_input_files({"name": "items.csv", "mimeType": "text/csv", "buffer": b"id,text\n"})
    link = page.get_by_role("link", name=re.compile("items.csv"))
    with page.expect_download() as download:
        link.tap()
    assert download.value.suggested_filename == "copy of items.csv"


def test_the_commands_menu_says_what_there_is(opening: Open, served: Served) -> None:
    page = opening(served.address)
    page.locator("#text").fill("/la")
    expect(page.locator("#commands li:visible")).to_have_text(["/languageChange the language"])
    page.locator("#commands li:visible button").tap()
    expect(page.locator("article.mine")).to_contain_text("/language")


def test_results_are_one_tap_away(opening: Open, served: Served) -> None:
    page = opening(served.address)
    expect(page.locator("#sum")).to_have_text("40 answers · 12 of 48 agreed")
    page.locator("#strip").tap()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download results").tap()
    assert download.value.suggested_filename == "shop-results.csv"


@pytest.mark.parametrize("width", [320, 360, 412])
def test_nothing_is_wider_than_the_phone(opening: Open, served: Served, width: int) -> None:
    page = opening(served.address, viewport={"width": width, "height": 640})
    key(page, "Complaint").tap()
    page.locator("#text").fill("W" * 500)
    page.locator("#send").tap()
    expect(page.locator("article.mine")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#log").evaluate("node => node.scrollWidth - node.clientWidth") <= 0


def test_what_is_tapped_is_big_enough(opening: Open, served: Served) -> None:
    page = opening(f"{served.address}/#admin")
    expect(key(page, "Skip")).to_be_visible()
    small = page.evaluate("""() => [...document.querySelectorAll('button, a, #roles span, #attach, textarea')]
        .filter(node => node.offsetParent).map(node => [node.textContent.trim(), node.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 44 || box.width < 44)).map(([text]) => text)""")
    assert small == []


_CONTRAST = """() => {
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
                          return [...paint.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = node => { for (; node; node = node.parentElement) {
    const colour = rgb(getComputedStyle(node).backgroundColor);
    if (colour[3] === 255) return colour; }
    return [255, 255, 255]; };
  const poor = [];
  for (const node of document.querySelectorAll('body *')) {
    const text = [...node.childNodes].filter(c => c.nodeType === 3 && c.data.trim()).map(c => c.data.trim()).join(' ');
    if (!text || !node.offsetParent || node.closest('.unseen, noscript, script')) continue;
    const [front, back] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(front, back) + .05) / (Math.min(front, back) + .05);
    if (ratio < 4.5) poor.push([text, ratio.toFixed(2)]);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(opening: Open, served: Served, scheme: str) -> None:
    page = opening(served.address, color_scheme=scheme, reduced_motion="reduce")
    key(page, "Complaint").tap()
    expect(page.locator(".toast")).to_be_visible()
    page.locator("#text").fill("hello")
    page.locator("#send").tap()
    page.locator("#strip").tap()
    expect(page.locator("#panel a")).to_be_visible()
    assert page.evaluate(_CONTRAST) == []
