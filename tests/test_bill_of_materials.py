"""The bill of materials names what is locked, all of it, and is made without a network."""

import hashlib
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SBOM = ROOT / ".ci" / "sbom.py"


@pytest.fixture(scope="module")
def bill() -> dict:
    return runpy.run_path(str(SBOM))["bill"]()


def libraries(bill):
    return {one["name"]: one for one in bill["components"] if one["type"] == "library"}


def test_every_locked_package_is_named_with_its_version_and_all_its_hashes(bill):
    text = (ROOT / "requirements" / "lock.txt").read_text("utf-8")
    pinned = dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", text))
    found = libraries(bill)
    assert {name: one["version"] for name, one in found.items()} == pinned and len(pinned) > 20
    hashes = [each["content"] for one in found.values() for each in one["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", text))
    assert all(one["purl"] == f"pkg:pypi/{name}@{one['version']}" for name, one in found.items())


def test_what_only_the_tests_need_is_marked_and_what_the_program_imports_is_not(bill):
    scope = {name: one["scope"] for name, one in libraries(bill).items()}
    assert {"pytest", "hypothesis", "pytest-qt", "iniconfig"} <= {name for name, said in scope.items() if said == "excluded"}
    needed = {"pyside6-addons", "shiboken6", "sqlalchemy", "sqlcipher3", "sqlmodel", "pydantic-core", "reportlab", "pillow"}
    needed |= {"openpyxl", "et-xmlfile", "xlsxwriter", "cryptography", "cffi", "pypdf", "defusedxml"}
    assert {scope[name] for name in needed} == {"required"}


def test_every_dependency_leads_to_a_component(bill):
    known = {one["bom-ref"] for one in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    for edge in bill["dependencies"]:
        assert {edge["ref"], *edge["dependsOn"]} <= known
    own = next(edge for edge in bill["dependencies"] if edge["ref"] == bill["metadata"]["component"]["bom-ref"])
    assert len(own["dependsOn"]) >= 10


def test_every_font_is_named_with_its_hash_and_licence(bill):
    fonts = {one["name"]: one for one in bill["components"] if one["type"] == "file"}
    assert set(fonts) == {path.name for path in (ROOT / "resources" / "fonts").glob("*.ttf")}
    for name, one in fonts.items():
        assert one["hashes"][0]["content"] == hashlib.sha256((ROOT / "resources" / "fonts" / name).read_bytes()).hexdigest()
        assert one["licenses"][0]["expression"].startswith("GPL" if name == "GWFang.ttf" else "OFL")


def test_what_is_installed_here_says_its_licence(bill):
    silent = [name for name, one in libraries(bill).items() if one["scope"] == "required" and not one["licenses"]]
    assert [name for name in silent if name not in ("jeepney", "pycparser")] == []


def test_the_file_is_cyclonedx_and_the_same_each_time(tmp_path):
    written = []
    for name in ("a.json", "b.json"):
        subprocess.run([sys.executable, str(SBOM), str(tmp_path / name)], check=True, timeout=60)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    read = json.loads(written[0])
    assert (read["bomFormat"], read["specVersion"], read["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", read["serialNumber"])


def test_the_audit_is_no_part_of_the_lock_or_the_tests():
    assert "pip-audit" not in (ROOT / "requirements" / "lock.txt").read_text("utf-8")
    assert "requirements/lock.txt" in (ROOT / ".ci" / "audit").read_text("utf-8")
    assert "audit" not in (ROOT / ".ci" / "run").read_text("utf-8")
