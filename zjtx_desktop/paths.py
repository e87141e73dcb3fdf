"""Where the files that travel with the program lie, from source and from a bundle alike."""

import sys
from pathlib import Path

RESOURCES = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "resources"
