"""Where the files that travel with the program lie, from source and from a bundle alike, and those that it keeps itself."""

import os
import sys
from pathlib import Path

RESOURCES = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "resources"
_NAME = "zjtx-desktop"


def own_folder() -> Path:
    """Where the program keeps what belongs to this person's desk on this computer, whichever way it is started."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / _NAME
