# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any text, by way of a router's configuration: it arrives as it was given, or is refused in one line with its path."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import ConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.plan import vrf_plan
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import xml
from hypothesis import example, given
from lxml import etree
from models.hostile_texts import HOSTILE, TEXTS
from support.examples import examples

VRF: dict[str, Any] = {
    "name": "vn1",
    "interfaces": ["lt-0/0/0.1"],
    "route_distinguisher": "172.31.10.57:3",
    "route_target": "64512:1",
}
TERM: dict[str, Any] = {"filter": "f", "name": "t1", "source": ["10.0.0.0/8"]}
PLACES: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
"""By path a VRF, or a filter beside it, with WORD where the text is to stand."""
WORD = "WORD"
for _option in ("name", "description", "route_distinguisher", "route_target"):
    PLACES[f"config[0].{_option}"] = ({**VRF, _option: WORD}, [])
for _option in ("name", "filter", "counter"):
    PLACES[f"config[0].steering[0].{_option}"] = ({**VRF, "steering": [{**TERM, _option: WORD}]}, [])
for _option in ("source", "destination", "protocol", "source_ports", "dscp"):
    PLACES[f"config[0].steering[0].{_option}[0]"] = ({**VRF, "steering": [{**TERM, _option: [WORD]}]}, [])
PLACES["config[0].interfaces[0]"] = ({**VRF, "interfaces": [WORD]}, [])
PLACES["config[0].static_routes[0].prefix"] = (
    {**VRF, "static_routes": [{"prefix": WORD, "next_table": "inet.0"}]}, [],
)  # fmt: skip
PLACES["filters[0].name"] = (VRF, [{"name": WORD, "interfaces": ["ge-0/0/0.0"]}])
PLACES["filters[0].interfaces[0]"] = (VRF, [{"name": "f", "interfaces": [WORD]}])
FREE = {"config[0].description"}
"""Where a text may be anything that can be kept."""


def _with(word: str, value: Any) -> Any:
    """Return data with a word in the place of WORD."""
    if isinstance(value, dict):
        return {key: _with(word, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with(word, inner) for inner in value]
    return word if value == WORD else value


@pytest.mark.parametrize("place", PLACES)
@examples(60)
@given(word=TEXTS)
@example(word="x" * 100_000)
def test_a_text_arrives_or_is_refused(place: str, word: str) -> None:
    vrf, filters = PLACES[place]
    try:
        request = vrf_plan.parse_request("rendered", [_with(word, vrf)], _with(word, filters))
        text = xml.to_text(vrf_plan.render(request))
    except ConfigError as error:
        message = str(error)
        assert message.startswith("config[0]" if place.startswith("config") else "filters[0]"), message
        assert "\n" not in message
        assert message.isprintable()
        return
    leaves = {part.text for part in etree.fromstring(text).iter() if not len(part)}
    if place in FREE or place.endswith("name"):
        assert not word or word in leaves, text
    if place not in FREE:
        assert word.strip().isprintable()


@pytest.mark.parametrize("word", HOSTILE)
def test_a_description_is_kept_byte_for_byte_or_refused(word: str) -> None:
    try:
        request = vrf_plan.parse_request("rendered", [{**VRF, "description": word}], [])
    except ConfigError as error:
        assert str(error).startswith("config[0].description: ")
        assert not word.isprintable() or word != word.strip() or len(word) > 255
        return
    found = etree.fromstring(xml.to_text(vrf_plan.render(request))).find(".//description")
    assert found is not None
    assert found.text == word
