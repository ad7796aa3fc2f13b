# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that name Python packages: complete, and bounded where that matters."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
# The package that an import comes from, where they differ in name.
PACKAGES = {"ansible": "ansible-core", "jnpr": "junos-eznc", "yaml": "pyyaml"}


def requirements(name: str) -> dict[str, Requirement]:
    """Return the requirements of a file by package."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line.strip() and not line.startswith(("#", "-"))]
    return {canonicalize_name(each.name): each for each in found}


def locked() -> dict[str, Requirement]:
    """Return what the lock file pins; its hashes stand on lines of their own."""
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line.removesuffix("\\")) for line in lines if line.strip() and not line.startswith(("#", " "))]
    return {canonicalize_name(each.name): each for each in found}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def test_every_package_that_plugins_import_is_required_by_name() -> None:
    known = requirements("requirements.txt")
    missing = {
        f"{file.relative_to(ROOT)}: {module}"
        for file in (ROOT / "plugins").rglob("*.py")
        for module in imported(ast.parse(file.read_text(encoding="utf-8")))
        if (top := module.partition(".")[0]) not in {*sys.stdlib_module_names, "ansible_collections"}
        and canonicalize_name(PACKAGES.get(top, top)) not in known
    }
    assert missing == set()


def test_the_package_whose_private_names_are_used_has_an_upper_bound() -> None:
    assert not requirements("requirements.txt")["ncclient"].specifier.contains("0.8.0")


def test_the_lock_file_pins_what_is_required() -> None:
    pinned = locked()
    for each in [*requirements("requirements.txt").values(), *requirements("requirements-dev.txt").values()]:
        (version,) = pinned[canonicalize_name(each.name)].specifier
        assert version.operator == "==", each
        assert each.specifier.contains(version.version), f"{each}: `make lock` chooses anew"
