"""The folder of published problems and examples, which is not part of this repository."""

import os
from pathlib import Path


def shared_folder() -> Path:
    """Named by VARDAG_SHARED, else `shared` beside the repository."""
    named = os.environ.get("VARDAG_SHARED")
    return Path(named) if named else Path(__file__).resolve().parent.parent.parent / "shared"
