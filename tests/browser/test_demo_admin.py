"""The demo as an admin uses it: a project of one's own; in a demo of its own, since it changes what workers see."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Open
from tests.browser.test_demo import newest, sees, tap

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_an_admin_sends_a_project_and_its_data(opening: Open, demo: str) -> None:
    page = opening(f"{demo}/#admin")
    expect(newest(page)).to_be_visible()
    if newest(page).get_by_role("button", name="I agree, let’s go").count():
        tap(page, "I agree, let’s go")
        tap(page, "Later")
    sees(page, "projects")
    project = 'id: fruit\ntitle: "Is it a fruit?"\nkind: choice\nlabels:\n'
    project += '  - {key: yes, text: "It is"}\n  - {key: no, text: "It is not"}\nshow: {text: name}\n'
    file: FilePayload = {"name": "fruit.yaml", "mimeType": "application/yaml", "buffer": project.encode()}
    page.locator("#file").set_input_files(file)
    sees(page, "Is it a fruit?")
    data: FilePayload = {"name": "fruit.csv", "mimeType": "text/csv", "buffer": b"id,name\n1,apple\n2,stone\n"}
    page.locator("#file").set_input_files(data)
    expect(newest(page)).to_contain_text("2 items would be added", timeout=20_000)
    tap(page, "Import")
    expect(newest(page)).to_contain_text("2 new items", timeout=20_000)
    tap(page, "See it as people will")
    sees(page, "Preview in English: 1 of 4")
    tap(page, "Next")
    sees(page, "The instructions")
    tap(page, "Launch")
    tap(page, "Launch it")
    sees(page, "running")
