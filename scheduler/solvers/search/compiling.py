"""How the kernels are compiled, and where the machine code is kept between processes.

The folder is named for the sources, Numba and Python, so that code compiled from other sources is never taken for this. It lies
beside them, or where that may not be written to in the user's cache, or for this process alone.
"""

import hashlib
import platform
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import numba
from platformdirs import user_cache_path

_HERE = Path(__file__).parent


def _fingerprint() -> str:
    made = hashlib.sha256(f"{numba.__version__} {sys.version} {platform.machine()}".encode())
    for source in sorted(_HERE.glob("*.py")):
        made.update(source.read_bytes())
    return made.hexdigest()[:16]


def _folder() -> Path:
    name = _fingerprint()
    for old in (_HERE / "__compiled__").glob("*"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)
    for parent in (_HERE / "__compiled__", user_cache_path("vardag") / "compiled"):
        folder = parent / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".may-write").touch()
        except OSError:
            continue
        return folder
    return Path(tempfile.mkdtemp(prefix="vardag-compiled-"))


FOLDER = _folder()
numba.config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]

kernel = numba.njit(cache=True, nogil=True)
"""Compiled once a machine. Arrays out of the tuples are bound to names at the top of each kernel: every look into a tuple
inside a loop counts references, which made the same loop twenty times slower."""

inlined = partial(numba.njit, cache=True, nogil=True, inline="always")()
"""Written into whoever calls it."""


def is_compiled() -> bool:
    return (FOLDER / "compiled").exists()


def note_compiled() -> None:
    try:
        (FOLDER / "compiled").touch()
    except OSError:
        return
