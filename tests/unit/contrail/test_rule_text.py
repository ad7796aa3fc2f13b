# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules in words: what they mean, and what is said of words that mean nothing."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import InvalidConfigError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.rule_text import read_rule
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.scope import Scope
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds import NETWORK_POLICY
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.config import parse_config

MEANINGS: list[tuple[str, dict[str, Any]]] = [
    ("vn1 <> vn2", {}),
    ("vn1<>vn2", {}),
    ("vn1 > vn2", {"direction": ">"}),
    ("vn-1 -> vn2", {"source": [{"network": "vn-1"}], "direction": ">"}),
    (
        "vn1 <> vn2 tcp 80,443 via fw, dpi",
        {"protocol": "tcp", "destination_ports": ["80", "443"], "services": ["fw", "dpi"]},
    ),
    ("vn1 <> vn2 TCP 8000-8080", {"protocol": "tcp", "destination_ports": ["8000-8080"]}),
    ("vn1 <> vn2 via fw log", {"services": ["fw"], "log": True}),
    ("deny vn1 <> vn2 icmp", {"action": "deny", "protocol": "icmp"}),
    (
        "vn1 <> vn2 udp 53 from 1024-65535",
        {"protocol": "udp", "destination_ports": ["53"], "source_ports": ["1024-65535"]},
    ),
    ("vn1 <> vn2 17", {"protocol": "17"}),
    ("vn1 <> vn2 mirror other:tap qos gold", {"mirror": {"analyzer": "other:tap"}, "qos": "gold"}),
    (
        "other:vn1, 10.0.0.0/8 , 10.1.0.0/16@vn3 <> policy=p, any, local",
        {
            "source": [{"network": "other:vn1"}, {"subnet": "10.0.0.0/8"}, {"subnet": "10.1.0.0/16", "network": "vn3"}],
            "destination": [{"policy": "p"}, {"any": True}, {"local": True}],
        },
    ),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_a_rule_in_words_means_a_rule_as_data(text: str, meaning: dict[str, Any]) -> None:
    plain = {"source": [{"network": "vn1"}], "direction": "<>", "destination": [{"network": "vn2"}]}
    assert read_rule(text) == {**plain, **meaning}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the rule ends after '', where the source"),
        ("vn1", "the rule ends after 'vn1', where a direction, <> or > is to be"),
        ("vn1 vn2", "'vn2' after 'vn1' is not a direction: write <> for both ways or > for one, and a comma"),
        ("vn1 <>", "the rule ends after 'vn1 <>', where the destination"),
        ("vn1 <> <> vn2", "'<>' stands where the destination (a network, a subnet, any or local) is to be, after"),
        ("vn1 <> vn2 tpc 80", "'tpc' after 'vn1 <> vn2' is not a protocol: did you mean tcp?"),
        ("vn1 <> vn2 vai fw", "'vai' after 'vn1 <> vn2' is not a protocol: did you mean via?"),
        ("vn1 <> vn2 tcp 80 vai fw", "'vai' after 'vn1 <> vn2 tcp 80' is not one of the words that may follow: did"),
        ("vn1 <> vn2 tcp http", "'http' after 'vn1 <> vn2 tcp' is not a port: what may follow is from, via, mirror"),
        ("vn1 <> vn2 tcp 70000", "'70000' is not a port: write a number from 0 to 65535, or two as in 8000-8080"),
        ("vn1 <> vn2 tcp 90-80", "'90-80' is not a range of ports: 90 is more than 80, turn them round"),
        ("vn1 <> vn2 via", "the rule ends after 'vn1 <> vn2 via', where a service instance is to be"),
        ("vn1 <> vn2 via fw via dpi", "'via' after 'vn1 <> vn2 via fw' is there twice: put a comma between"),
        ("10.0.0.1@vn1 <> vn2", "'10.0.0.1@vn1' at the beginning is not a subnet of a network: write it as"),
    ],
)
def test_an_error_names_the_word_and_the_cure(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_rule(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("vn1 <> 10.0.0.300/24", "rules[0].destination[0].subnet: '10.0.0.300/24' is not an IP prefix"),
        ("a:b:c:d <> vn2", "rules[0].source[0].network: 'a:b:c:d' has too many parts"),
        ("vn1 <> vn2 xtp", "rules[0]: 'xtp' after 'vn1 <> vn2' is not a protocol"),
        ({"source": [{"any": True}]}, "rules[0].destination: is missing"),
        ({"sourc": [], "destination": []}, "rules[0].sourc: there is no such option; did you mean source?"),
        ({"source": [{"any": "perhaps"}], "destination": []}, "rules[0].source[0].any: 'perhaps' is neither true"),
        ({"source": [{"network": ["a"]}], "destination": []}, "rules[0].source[0].network: is to be a text"),
        ({"source": "any", "destination": []}, "rules[0].source[0]: 'any' is to be a dict"),
        ({"source": [], "destination": [], "action": "drop"}, "rules[0].action: 'drop' is not one of pass, deny"),
        (7, "rules[0]: '7' is to be a dict"),
    ],
)
def test_rules_of_both_forms_are_refused_with_their_place(rule: Any, message: str) -> None:
    with pytest.raises(InvalidConfigError) as caught:
        parse_config(NETWORK_POLICY, [{"name": "p", "rules": [rule]}], Scope())
    assert str(caught.value).startswith(f"config[0].{message}")


def test_both_forms_are_the_same_rule_and_a_rule_is_there_once() -> None:
    long_form = {"src_addresses": [{"network": "vn1"}], "dst_addresses": [{"network": "vn2"}], "apply_service": "fw"}
    with pytest.raises(InvalidConfigError, match=r"rules\[1\]: the same is already config\[0\]\.rules\[0\]"):
        parse_config(NETWORK_POLICY, [{"name": "p", "rules": ["vn1 <> vn2 via fw", long_form]}], Scope())
