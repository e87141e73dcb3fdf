"""The bill of materials: every locked package and every font as CycloneDX, made without a network.

    .venv/bin/python .ci/sbom.py sbom.json

Versions and hashes are those of requirements/lock.txt; licences are what the installed packages say of themselves.
What only the tests need is marked as excluded. The same lock gives the same bytes.
"""

import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK, PROJECT, FONTS = ROOT / "requirements" / "lock.txt", ROOT / "pyproject.toml", ROOT / "resources" / "fonts"
_PINNED = re.compile(r"(?ms)^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>.*?)(?=^\w|\Z)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_FONT_LICENCES = {"GWFang": "GPL-3.0-or-later WITH Font-exception-2.0"}
_OTHER_FONTS = "OFL-1.1"
_ONLY_IN_ITS_TEXT = {"sqlcipher3": "Zlib"}  # its metadata name none; the text is that of the zlib licence
_LONGEST = 80  # letters; a longer “licence” is its whole text


def bill() -> dict[str, Any]:
    """The whole bill as plain values."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    packages = list(_packages(needed(project["dependencies"])))
    components = [*packages, *_fonts()]
    own = f"{project['name']}@{project['version']}"
    content = json.dumps(components, ensure_ascii=False, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]["text"]}}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": own, "dependsOn": sorted(_purls(project["dependencies"]))},
            *({"ref": one["bom-ref"], "dependsOn": sorted(_purls(_requires(one["name"])))} for one in packages),
        ],
    }


def locked() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each locked package with its version and the hashes of the files it may come in."""
    text = LOCK.read_text("utf-8")
    return {
        canonicalize_name(found["name"]): (found["version"], tuple(_HASH.findall(found["rest"])))
        for found in _PINNED.finditer(text)
    }


def needed(wanted: list[str]) -> set[str]:
    """The names of what the program needs to run, with what that needs in turn."""
    reached: set[str] = set()
    waiting = [canonicalize_name(Requirement(one).name) for one in wanted]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [canonicalize_name(Requirement(one).name) for one in _requires(name)]
    return reached


def _packages(needed_to_run: set[str]) -> Iterator[dict[str, Any]]:
    for name, (version, hashes) in sorted(locked().items()):
        yield {
            "type": "library",
            "bom-ref": _purl(name),
            "name": name,
            "version": version,
            "scope": "required" if name in needed_to_run else "excluded",
            "purl": _purl(name),
            "hashes": [{"alg": "SHA-256", "content": each} for each in sorted(hashes)],
            "licenses": _licences(name),
        }


def _fonts() -> Iterator[dict[str, Any]]:
    for path in sorted(FONTS.glob("*.ttf")):
        licence = _FONT_LICENCES.get(path.stem, _OTHER_FONTS)
        yield {
            "type": "file",
            "bom-ref": f"font:{path.name}",
            "name": path.name,
            "scope": "required",
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            "licenses": [{"expression": licence}],
        }


def _purl(name: str) -> str:
    return f"pkg:pypi/{name}@{locked()[name][0]}"


def _purls(wanted: list[str]) -> set[str]:
    names = {canonicalize_name(Requirement(one).name) for one in wanted}
    return {_purl(name) for name in names & set(locked())}


def _requires(name: str) -> list[str]:
    """What a package needs on any system, extras left out; nothing of one that is not installed here."""
    try:
        wanted = distribution(name).requires or []
    except PackageNotFoundError:  # locked for another system
        return []
    return [one for one in wanted if "extra ==" not in one.replace("'", '"').replace('extra=="', 'extra == "')]


def _licences(name: str) -> list[dict[str, Any]]:
    try:
        said = distribution(name).metadata
    except PackageNotFoundError:
        return []
    if expression := said.get("License-Expression"):
        return [{"expression": expression}]
    classified = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if one.startswith("License ::")]
    named = [one for one in (said.get("License", ""),) if one and len(one) <= _LONGEST and "\n" not in one]
    if name in _ONLY_IN_ITS_TEXT:
        return [{"expression": _ONLY_IN_ITS_TEXT[name]}]
    return [{"license": {"name": one}} for one in (classified or named)[:3]]


if __name__ == "__main__":
    out = json.dumps(bill(), ensure_ascii=False, indent=1) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(out, encoding="utf-8")
    else:
        sys.stdout.write(out)
