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

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
"""Without Numba's runtime: kernels make no arrays, and counting who holds one took a third of their time and of the compiler's."""

kernel: Any = numba.njit(**_OPTIONS)
"""Compiled once a machine. Arrays come one by one, for a look into a tuple costs; numbers come as variables, for a kernel called
with a constant is compiled for that constant alone."""

inlined: Any = numba.njit(**_OPTIONS, forceinline=True)
"""Written into whoever calls it."""


def is_compiled() -> bool:
    return (FOLDER / "compiled").exists()


def note_compiled() -> None:
    try:
        (FOLDER / "compiled").touch()
    except OSError:
        return
