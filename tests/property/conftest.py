"""What is tried by chance over PostgreSQL takes long: it is among the slow tests, which CI runs too."""

from __future__ import annotations

from pathlib import Path

import pytest

_HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, before it is chosen what runs."""
    for item in items:
        if item.path.is_relative_to(_HERE) and "postgresql" in item.nodeid:
            item.add_marker(pytest.mark.slow)
