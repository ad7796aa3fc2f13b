# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the data model, of Contrail's modules and of the router's are one family, shown in one way."""

from __future__ import annotations

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import (
    ContrailError,
    InvalidConfigError,
    InvalidValueError,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import (
    Fault,
    InputError,
    IntentError,
    fault,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError

PATH = "config[0].subnets[1].cidr"
ONE = InvalidValueError(PATH, "is wrong")
TWO = InvalidValueError("", "line\nbreak")


@pytest.mark.parametrize(
    "error",
    [fault(PATH, "is wrong"), ONE, ConfigError(PATH, "is wrong"), InvalidConfigError([ONE, ONE])],
    ids=lambda error: type(error).__name__,
)
def test_each_carries_its_faults_and_tells_each_once(error: InputError) -> None:
    assert isinstance(error, InputError)
    assert set(error.faults) == {Fault(PATH, "is wrong")}
    assert str(error) == f"{PATH}: is wrong"


def test_a_fault_without_a_place_is_its_reason_alone_and_what_cannot_be_seen_is_written_out() -> None:
    assert str(TWO) == "line\\nbreak"
    assert (TWO.path, TWO.reason) == ("", "line\\nbreak")


def test_several_faults_are_lines_to_a_person_and_one_line_to_a_module() -> None:
    faults = [Fault("a", "is wrong"), Fault("b", "is missing")]
    assert str(IntentError(faults)) == "a: is wrong\nb: is missing"
    refused = InvalidConfigError([ONE, TWO])
    assert str(refused) == f"{PATH}: is wrong; line\\nbreak"
    assert isinstance(refused, ContrailError)
    assert refused.facts() == {}
