"""A real browser, driven over WebDriver by the standard library alone."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import TypeAlias, TypeVar
from urllib.error import HTTPError, URLError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
T = TypeVar("T")

PATIENCE = 20.0
"""Seconds that a page may take to come to what is waited for."""

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


class BrowserError(Exception):
    """The browser refused a command."""


class Browser:
    """One window."""

    def __init__(self, session: str) -> None:
        self._session = session

    def open(self, url: str) -> None:
        """Load a page."""
        _request(f"{self._session}/url", {"url": url})

    def run(self, script: str) -> Json:
        """What a script of the page returns."""
        return _request(f"{self._session}/execute/sync", {"script": script, "args": []})

    def type(self, selector: str, text: str) -> None:
        """Click an element and type into it; what it held is gone."""
        found = _request(f"{self._session}/element", {"using": "css selector", "value": selector})
        assert isinstance(found, dict)
        (element,) = found.values()
        _request(f"{self._session}/element/{element}/clear", {})
        _request(f"{self._session}/element/{element}/value", {"text": text})

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as PNG."""
        shown = _request(f"{self._session}/screenshot")
        assert isinstance(shown, str)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(shown))

    def wait(self, script: str) -> Json:
        """What a script returns as soon as that is true; AssertionError if it never is."""
        until = time.monotonic() + PATIENCE
        while not (value := self.run(script)):
            assert time.monotonic() < until, f"never true: {script}"
            time.sleep(0.05)
        return value

    def log(self) -> list[str]:
        """What went wrong in the pages since it was last asked: failed requests, errors of scripts."""
        entries = _request(f"{self._session}/se/log", {"type": "browser"})
        assert isinstance(entries, list)
        return [str(entry["message"]) for entry in entries if isinstance(entry, dict)]


@contextmanager
def browse(width: int, height: int) -> Generator[Browser, None, None]:
    """A window of a size in CSS pixels. Needs chromium and chromedriver; FileNotFoundError names what is missing."""
    browser, driver = (_program(name) for name in ("chromium", "chromedriver"))
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options: Json = {
            "binary": browser,
            "args": [*_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"],
            "mobileEmulation": {"deviceMetrics": {"width": width, "height": height, "pixelRatio": 1}},
        }
        wanted: Json = {
            "capabilities": {
                "alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            }
        }
        process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL)
        try:
            root = f"http://127.0.0.1:{port}"
            _patiently(lambda: _request(f"{root}/status"))
            started = _request(f"{root}/session", wanted)
            assert isinstance(started, dict)
            session = f"{root}/session/{started['sessionId']}"
            try:
                yield Browser(session)
            finally:
                _request(session, method="DELETE")
        finally:
            process.terminate()
            process.wait()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is missing: apt-get install chromium chromium-driver")
    return found


def _patiently(attempt: Callable[[], T]) -> T:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _request(url: str, body: Json = None, method: str | None = None) -> Json:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            value: Json = json.load(answer)["value"]
            return value
    except HTTPError as error:
        raise BrowserError(error.read().decode()) from error
