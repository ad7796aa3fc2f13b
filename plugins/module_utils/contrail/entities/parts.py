# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pieces that several kinds share."""

from __future__ import annotations

from ..entity import Field, Pairs, Plural, Record, Scalar
from ..shapes import fold_sequence
from ..values import address, route_target

OWNER_KEY = "service_chain.owner"
"""The annotation that tells who made an object."""

TEXT = Scalar()
FLAG = Scalar(type="bool")
ADDRESS = Scalar(convert=address)
ROUTE_TARGETS = Plural(Scalar(convert=route_target))

COMMON = (
    Field("display_name", ("display_name",), TEXT, named=True),
    Field("description", ("id_perms", "description"), TEXT, cleared=""),
    Field("annotations", ("annotations",), Pairs()),
)
ANNOTATIONS = (COMMON[-1],)

SEQUENCE = Record(
    (
        Field(
            "sequence",
            ("sequence",),
            Record(
                (
                    Field("major", ("major",), Scalar(type="int")),
                    Field("minor", ("minor",), Scalar(type="int")),
                ),
                whole=True,
                fold=fold_sequence,
            ),
        ),
    )
)
FIRST_SEQUENCE = {"sequence": {"major": 0, "minor": 0}}
