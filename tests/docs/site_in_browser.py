"""The site that ``make docs`` builds, in a real browser, at the width of a desk and of a phone: ``make docs-check``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from tests.docs.browser import Browser, browse
from tests.docs.pages import ROOT

from cosem.obis import describe

SITE = ROOT / "build" / "site"
SHOTS = ROOT / "build" / "screenshots"

PAGES = {
    "home": "index.html",
    "class": "reference/classes/0007_profile_generic.html",
    "classes": "reference/classes/index.html",
    "association": "reference/classes/0015_association_ln.html",
    "messages": "reference/messages/index.html",
    "message": "reference/messages/aarq.html",
    "codes": "reference/obis/index.html?obis=1-0:1.8.2",
    "electricity": "reference/obis/electricity.html",
    "overlays": "reference/overlays/index.html",
    "editions": "reference/editions.html",
    "walk": "guides/amending.html",
    "client": "python/client.html",
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    assert (SITE / "index.html").is_file(), "there is no site; run: make docs"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SITE)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module", params=[(1280, 900), (390, 844)], ids=["desk", "phone"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    width, height = request.param
    with browse(width, height) as window:
        yield window


@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_the_window_and_load_from_one_host_alone(browser: Browser, site: str, name: str) -> None:
    browser.open(f"{site}/{PAGES[name]}")
    browser.wait("return document.readyState === 'complete'")
    width = browser.run("return window.innerWidth")
    browser.screenshot(SHOTS / f"{name}_{width}.png")
    assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")
    loaded = browser.run("return performance.getEntriesByType('resource').map((each) => each.name)")
    assert isinstance(loaded, list)
    assert [url for url in loaded if not str(url).startswith((site, "data:", "blob:"))] == []
    assert browser.log() == []


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("profile generic", "reference/classes/0007_profile_generic.html"),
        ("capture_objects", "reference/classes/0007_profile_generic.html"),
        ("Get-Request-Normal", "reference/messages/get.html"),
        ("connect_blocking", "python/client.html"),
    ],
)
def test_search_finds_the_page(browser: Browser, site: str, query: str, page: str) -> None:
    browser.open(f"{site}/index.html")
    browser.run("document.getElementById('__search').click()")
    browser.wait("return document.querySelector('.md-search__input').getBoundingClientRect().width > 50")
    browser.type(".md-search__input", query)
    browser.wait("return document.querySelector('.md-search-result__item')")
    links = browser.run(
        "return [...document.querySelectorAll('.md-search-result__item > a')].map((each) => each.href)"
    )
    assert isinstance(links, list)
    assert any(str(link).startswith(f"{site}/{page}") for link in links[:3]), links


@pytest.mark.parametrize(
    "code", ["1-0:1.8.2", "0.0.1.0.0.255", "1-0:99.1.0", "7-0:3.0.0", "1.0.128.96.1.255"]
)
def test_the_code_browser_explains_a_code_as_python_does(browser: Browser, site: str, code: str) -> None:
    browser.open(f"{site}/reference/obis/index.html")
    browser.type("#obis-query", code)
    assert browser.wait("return document.querySelector('#obis-answer strong')?.textContent") == describe(code)


def test_the_code_browser_finds_words_and_links_to_the_class(browser: Browser, site: str) -> None:
    browser.open(f"{site}/reference/obis/index.html")
    browser.type("#obis-query", "active energy import tariff 2")
    first = browser.wait("return document.querySelector('#obis-rows tbody tr')?.innerText")
    assert "1.0.1.8.2.255" in str(first)
    browser.run("document.querySelector('#obis-rows tbody a').click()")
    assert browser.wait("return location.pathname.endsWith('/reference/classes/0003_register.html')")


def test_a_class_page_leads_to_its_codes(browser: Browser, site: str) -> None:
    browser.open(f"{site}/reference/classes/0008_clock.html")
    browser.run("document.querySelector('a[href*=\"obis=class\"]').click()")
    browser.wait("return document.querySelector('#obis-query')?.value === 'class:8'")
    assert "abstract.CLOCK" in str(browser.run("return document.getElementById('obis-rows').textContent"))


def test_versions_stand_side_by_side_with_their_changes_marked(browser: Browser, site: str) -> None:
    browser.open(f"{site}/reference/classes/0007_profile_generic.html")
    marks = browser.run("return [...document.querySelectorAll('td .change')].map((each) => each.textContent)")
    assert isinstance(marks, list)
    assert {"changed", "removed"} <= set(map(str, marks))
    colours = browser.run(
        "return ['.change.changed', '.confidence.medium'].map("
        "(each) => getComputedStyle(document.querySelector(each)).backgroundColor)"
    )
    assert colours == ["rgb(207, 226, 255)", "rgb(255, 243, 205)"]
