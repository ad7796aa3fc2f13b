# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file of Python that is shipped can be imported, whatever the Python and the ansible-core."""

from __future__ import annotations

import importlib
from pathlib import Path

from support.collected import refuse

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
COLLECTION = "ansible_collections.opencontrail.service_chain.plugins"
DOCUMENTATION = "doc_fragments"
"""Has no code, and is loaded by Ansible alone."""


def fault_of(name: str) -> str | None:
    """Import a module; return why that failed, or None."""
    try:
        importlib.import_module(name)
    except Exception as error:
        return f"{name}: {type(error).__name__}: {error}"
    return None


def test_every_file_of_the_plugins_can_be_imported() -> None:
    files = [path.relative_to(PLUGINS) for path in PLUGINS.rglob("*.py") if path.parent.name != DOCUMENTATION]
    names = [".".join([COLLECTION, *path.with_suffix("").parts]).removesuffix(".__init__") for path in files]
    refuse(filter(None, map(fault_of, names)), looked_at=len(names))


def test_a_file_that_cannot_be_imported_is_told() -> None:
    assert fault_of(f"{COLLECTION}.nothing") == (
        f"{COLLECTION}.nothing: ModuleNotFoundError: No module named '{COLLECTION}.nothing'"
    )
