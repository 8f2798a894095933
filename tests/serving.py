"""The application while it serves a test."""

from dataclasses import dataclass

from fastapi import FastAPI

from api.settings import Settings


@dataclass(frozen=True, slots=True)
class Server:
    """The application on a port of this machine; `url` as a browser writes it, without a slash at the end."""

    url: str
    app: FastAPI
    settings: Settings
