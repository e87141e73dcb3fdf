"""The window: Qt only, over frozen values of the engine.

PySide6 replaces `builtins.__import__` and from then on reads the source of every module imported, to look
for a feature switch that this program does not use. Importing it here first, and putting the original
back, saves about 0.2 s and 27 MB. One thing then no longer works: `from PySide6.x import *`.
"""

import builtins

_import = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401  (only for what it does to `__import__`)

builtins.__import__ = _import
