"""How the kernels are compiled, and where the machine code is kept between processes.

The folder is named for the sources, Numba and Python, so that code compiled from other sources is never taken for this. It lies
beside them, or where that may not be written to in the user's cache, or for this process alone.
"""

import hashlib
import platform
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numba
from numba.extending import register_jitable
from platformdirs import user_cache_path

_HERE = Path(__file__).parent


def _fingerprint() -> str:
    made = hashlib.sha256(f"{numba.__version__} {sys.version} {platform.machine()}".encode())
    for source in sorted([*_HERE.glob("*.py"), *_HERE.parent.glob("bound/*.py")]):
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

_OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False, "no_cfunc_wrapper": True}
"""Without Numba's runtime: kernels make no arrays, and counting who holds one took a third of their time and of the compiler's."""

kernel: Any = numba.njit(cache=True, **_OPTIONS)
"""Compiled once a machine, for Python to call; with variables for numbers, for one called with a constant is compiled for that
constant alone."""

inlined: Any = register_jitable(forceinline=True, **_OPTIONS)
"""Written into the kernels that use it, so that it costs nothing to hand a day on: a call with its arrays one by one took longer
than most of what was called. From Python it runs as it stands here."""


def is_compiled() -> bool:
    return (FOLDER / "compiled").exists()


def note_compiled() -> None:
    try:
        (FOLDER / "compiled").touch()
    except OSError:
        return
