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

kernel = numba.njit(cache=True, nogil=True, _nrt=False)
"""Compiled once a machine. Kernels that are called often take their arrays one by one: a look into a tuple counts references,
which cost more than what the kernel does. They are called with variables, for a constant would be compiled for itself."""

inlined = numba.njit(cache=True, nogil=True, _nrt=False, forceinline=True)
"""Written into whoever calls it."""


def is_compiled() -> bool:
    return (FOLDER / "compiled").exists()


def note_compiled() -> None:
    try:
        (FOLDER / "compiled").touch()
    except OSError:
        return
