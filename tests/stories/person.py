"""Somebody at a browser of their own: pages, forms, JSON and the live line, signed in."""

import re
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import httpx
from bs4 import BeautifulSoup
from websockets.sync.client import ClientConnection, connect

from api.auth.pretend import sign_in_address
from tests.patience import SECONDS
from tests.serving import Server
from visits.guard.viewer import Role


@dataclass
class Person:
    """Somebody at a browser of their own, signed in."""

    server: Server
    role: Role
    id: UUID
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.server.url, timeout=SECONDS)
        self.http.get(sign_in_address(self.server.settings, self.role, self.id))
        self.http.headers["X-CSRF-Token"] = self.http.get("/api/v1/session").json()["csrf"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str) -> Any:
        return self._answer(self.http.get(f"/api/v1{path}"))

    def post(self, path: str, body: object = None) -> Any:
        return self._answer(self.http.post(f"/api/v1{path}", json=body))

    def page(self, path: str) -> str:
        """What a reader of the page reads, as one line."""
        reply = self.http.get(path)
        assert reply.status_code == 200, reply.text
        return re.sub(r"\s+", " ", BeautifulSoup(reply.text, "html.parser").main.get_text(" "))

    def open_page(self) -> ClientConnection:
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        address = self.server.url.replace("http", "ws") + "/live/idag"
        return connect(address, additional_headers={"Cookie": cookies}, origin=self.server.url)

    def _answer(self, reply: httpx.Response) -> Any:
        assert reply.is_success, reply.text
        return reply.json()

    def submit(self, path: str, **fields: object) -> str:
        """Send a form, and return what the page it leads to says."""
        reply = self.http.post(path, data=fields, follow_redirects=True)
        assert reply.is_success, reply.text
        return re.sub(r"\s+", " ", BeautifulSoup(reply.text, "html.parser").main.get_text(" "))
