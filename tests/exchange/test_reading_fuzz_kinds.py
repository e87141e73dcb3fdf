"""Files of other kinds broken at random: whatever comes, either rows or one sentence, never another exception."""

import random
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.child import read_file

SAMPLES = Path(__file__).parent / "samples"
SEED = 20_230_923
KINDS = ("libreoffice.xls", "libreoffice.docx", "pandoc.docx", "typst.pdf", "libreoffice-merged.pdf", "libreoffice-page.xls")


def blow(chance: random.Random, data: bytes) -> bytes:
    at, size = chance.randrange(len(data)), chance.randrange(1, 60)
    broken = (
        data[:at] + data[at + size :],
        data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        data[:at] + data[at : at + size] * 3 + data[at + size :],
        data[:at] + chance.randbytes(size) + data[at + size :],
        data[:at],
    )
    return chance.choice(broken) or b"x"


def inside(chance: random.Random, data: bytes) -> bytes:
    """A blow to the text of a document, in a sound zip."""
    into = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(into, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            archive.writestr(name, blow(chance, part) if name == "word/document.xml" else part)
    return into.getvalue()


def broken(chance: random.Random, name: str) -> bytes:
    data = (SAMPLES / name).read_bytes()
    if name.endswith(".docx") and chance.random() < 0.8:
        return inside(chance, data)
    for _ in range(chance.randint(1, 4)):
        data = blow(chance, data)
    return data


def outcomes(tmp_path: Path, name: str, count: int) -> tuple[int, int]:
    """How many of the broken files were read, and how many refused in a sentence."""
    chance, path, read = random.Random(SEED), tmp_path / f"名单{Path(name).suffix}", 0
    for _ in range(count):
        path.write_bytes(broken(chance, name))
        try:
            read += bool(read_file(path).rows)
        except BadFile as error:
            assert str(error).startswith(f"“{path.name}”不能导入：") and str(error).count("。") == 1, str(error)
    return read, count - read


@pytest.mark.parametrize("name", KINDS)
def test_sixty_broken_files_of_each_kind_are_read_or_refused(tmp_path, name):
    read, refused = outcomes(tmp_path, name, 60)

    assert read >= 1 and refused > 30


@pytest.mark.release
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("name", KINDS)
def test_two_thousand_broken_files_of_each_kind_are_read_or_refused(tmp_path, name):
    assert sum(outcomes(tmp_path, name, 2_000)) == 2_000
