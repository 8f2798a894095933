"""Somebody of the town at the web's door, as a program: signs in when needed, and sends the session's token along."""

from http import HTTPStatus
from uuid import UUID

import httpx

_PATIENCE_SECONDS = 15.0


class VisitorError(Exception):
    """The server is busy or away, or says no: the reply's status stands in `status`, if there was one."""

    def __init__(self, error: httpx.HTTPError) -> None:
        self.status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None
        super().__init__(type(error).__name__ if self.status is None else f"status {self.status}")


class Visitor:
    """One person. `sign_in` is the address that signs in at once; nothing is sent before it is needed."""

    def __init__(self, person_id: UUID, *, base_url: str, sign_in: str) -> None:
        self.person_id = person_id
        self._client = httpx.Client(base_url=base_url, timeout=_PATIENCE_SECONDS)
        self._sign_in = sign_in
        self._csrf = ""

    def ask(self, method: str, path: str, json: object = None) -> httpx.Response:
        """The reply, if it is a good one. Raises `VisitorError`."""
        try:
            if not self._csrf:
                self._enter()
            reply = self._send(method, path, json)
            if reply.status_code == HTTPStatus.UNAUTHORIZED:
                self._enter()
                reply = self._send(method, path, json)
            reply.raise_for_status()
        except httpx.HTTPError as error:
            raise VisitorError(error) from error
        return reply

    def close(self) -> None:
        self._client.close()

    def _send(self, method: str, path: str, json: object) -> httpx.Response:
        return self._client.request(method, path, json=json, headers={"X-CSRF-Token": self._csrf})

    def _enter(self) -> None:
        self._client.get(self._sign_in)
        reply = self._client.get("/api/v1/session")
        reply.raise_for_status()
        self._csrf = reply.json()["csrf"]
