"""A work phone as it is: a browser with a profile on disk, which can lose its net, be killed, and come back with what it kept."""

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, CDPSession, Page

from tests.conftest import CHROMIUM_FLAGS


@dataclass
class Handset:
    """`start` and `die` as often as it takes; the profile stays."""

    kind: BrowserType
    profile: Path
    page: Page = field(init=False)
    _process: "subprocess.Popen[str]" = field(init=False)
    _browser: Browser = field(init=False)

    def start(self, *, online: bool = True) -> Page:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        if found is None:
            pytest.skip("no Chromium on this machine: install Debian's package chromium (apt-get install chromium)")
        command = [
            *(found, *CHROMIUM_FLAGS, "--headless=new", "--remote-debugging-port=0", "--accept-lang=sv-SE"),
            *(f"--user-data-dir={self.profile}", "--window-size=390,844", "about:blank"),
        ]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603 - our own command
        self._browser = self.kind.connect_over_cdp(self._address())
        self.page = self.context.pages[0]
        self.page.set_viewport_size({"width": 390, "height": 844})
        if not online:
            self.context.set_offline(True)
        return self.page

    def lose_net(self) -> None:
        """Returns once a request fails: Chromium still lets requests out for a moment after it was told."""
        self.context.set_offline(True)
        self.page.wait_for_function("fetch('/healthz', { cache: 'no-store' }).then(() => false, () => true)")

    def find_net(self) -> None:
        self.context.set_offline(False)

    @property
    def context(self) -> BrowserContext:
        return self._browser.contexts[0]

    def _address(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if told := re.search(r"DevTools listening on (ws://\S+)", line):
                return told[1]
        raise AssertionError("Chromium did not start")

    def close(self) -> None:
        """As somebody closes it: cookies are written to disk, which otherwise takes half a minute."""
        session: CDPSession = self._browser.new_browser_cdp_session()
        session.send("Browser.close")
        self._process.wait(timeout=20)
        self._process.communicate()

    def die(self) -> None:
        """The battery is empty: every process at once, nothing is said goodbye to."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()
