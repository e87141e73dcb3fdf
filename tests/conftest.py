"""Nothing that a test makes the program remember lands on the desk of whoever runs the tests."""

import os
import shutil
import tempfile

_OWN = tempfile.mkdtemp(prefix="zjtx-tests-")
# At once and not in a fixture: some tests keep the environment for the commands they start when they are imported.
os.environ |= {"XDG_DATA_HOME": _OWN, "LOCALAPPDATA": _OWN}


def pytest_unconfigure():
    """The program's own folder of this run goes with it."""
    shutil.rmtree(_OWN, ignore_errors=True)
