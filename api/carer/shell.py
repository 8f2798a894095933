"""What makes the carer's page an application of its own: its manifest, its service worker, and a shell that opens without a net.

The shell names nobody. It is fetched without cookies, and what fills it lies encrypted in the phone.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import i18n
from api.auth.access import public
from api.carer.pages import MAY_SCAN
from api.pages import render

router = APIRouter(tags=["carer"])

_NOBODY: dict[str, object] = {
    "signed_in": None,
    "csrf": "",
    "day": None,
    "next": None,
    "tomorrow": False,
    "new_id": None,
}

_HERE = Path(__file__).parent
_ROOMS = {"design": _HERE.parent / "design" / "static", "carer": _HERE / "static"}
_NEEDED = {
    "design": ("tokens.css", "base.css", "clock.js", "live.js", "send.js", "icon.svg", "icon-192.png", "icon-512.png"),
    "carer": ("pass.css", *sorted(path.name for path in (_HERE / "static").glob("*.js") if path.name != "sw.js")),
}
"""The files without which the page does not work."""
_NAMES_NOBODY = "the same for everybody: it tells about nobody"


@router.get("/pass.webmanifest", dependencies=[public(reason=_NAMES_NOBODY)])
def manifest() -> Response:
    """What a phone needs to know to install the page."""
    return Response((_HERE / "static" / "pass.webmanifest").read_bytes(), media_type="application/manifest+json")


@router.get("/sw.js", dependencies=[public(reason=_NAMES_NOBODY)])
def service_worker(sprak: Annotated[str, Query()] = i18n.SOURCE_LANGUAGE) -> Response:
    """The worker, with what it is to keep; other bytes, and so installed anew, whenever any of that has changed."""
    chosen = sprak if sprak in i18n.LANGUAGES else i18n.SOURCE_LANGUAGE
    files = [f"/static/{room}/{name}" for room, names in _NEEDED.items() for name in names]
    told = {"version": f"{_digest()}-{chosen}", "shell": f"/pass/skal?sprak={chosen}", "files": files}
    text = f"const KEPT = {json.dumps(told)};\n" + (_HERE / "static" / "sw.js").read_text(encoding="utf-8")
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return Response(text, media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/pass/skal", dependencies=[public(reason=_NAMES_NOBODY)])
def shell(request: Request, sprak: Annotated[str, Query()] = i18n.SOURCE_LANGUAGE) -> Response:
    """The page without anybody's day."""
    with i18n.speaking(sprak):
        return render(request, "carer/shell.html", _NOBODY, headers=MAY_SCAN)


@cache
def _digest() -> str:
    """Of everything the worker keeps, the texts of the shell included."""
    found = hashlib.sha256()
    files = [_ROOMS[room] / name for room, names in _NEEDED.items() for name in names]
    texts = sorted((_HERE / "templates").glob("*.html")) + sorted((_HERE.parent / "translations").rglob("*.po"))
    for path in [*files, *texts]:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
