# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One test for a loop over many declarations: it names all that are wrong instead of the first."""

from __future__ import annotations

from collections.abc import Iterable


def refuse(faults: Iterable[str], *, looked_at: int) -> None:
    """Fail with all faults, one a line (each begins with the place); fail as well where nothing was looked at."""
    assert looked_at > 0, "nothing was looked at"
    found = list(faults)
    assert not found, f"{len(found)} faults in {looked_at}:\n" + "\n".join(found)
