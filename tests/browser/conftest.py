"""The browser that the tests of this folder look with; without it they are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from browser.chromium import chromium, is_here


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser that logs the console and every request."""
    if not is_here():
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver, or make machines")
    with chromium(tmp_path_factory.mktemp("chromium")) as started:
        yield started


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for pages."""
    return tmp_path_factory.mktemp("pages")
