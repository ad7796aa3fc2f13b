# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any text, by way of the data model and of the files on hosts: kept as it was given, or refused in one line."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.filter.adopted_file import adopted_file
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.cloud_init import cloud_config
from ansible_collections.opencontrail.service_chain.plugins.module_utils.hosts.plan import next_hops, read_routes
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.nova_conf import (
    NovaConfError,
    values,
    with_options,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError
from hypothesis import example, given
from models.hostile_texts import TEXTS
from support.examples import examples
from unit.chain.scenario import reference
from unit.chain.test_intent import GROUPS, bent, errors

CHAIN = ("chains", "vn1-to-vn2")
FREE = (("networks", "vn1", "description"), ("networks", "vn1", "display_name"))
NARROW: tuple[tuple[Any, ...], ...] = (
    ("networks", "vn1", "route_target"),
    ("services", "1-to-2", "members", 0, "left"),
    ("services", "1-to-2", "members", 0, "host"),
    ("services", "1-to-2", "template"),
    ("routers", "vmx1", "address"),
    ("routers", "vmx1", "filters", 0, "name"),
    ("routers", "vmx1", "filters", 0, "interfaces", 0),
    (*CHAIN, "left", "external", 0, "prefix"),
    (*CHAIN, "left", "external", 0, "term"),
    (*CHAIN, "left", "external", 0, "host"),
    (*CHAIN, "services", 0),
    (*CHAIN, "direction"),
)


@pytest.mark.parametrize("path", [*FREE, *NARROW], ids=lambda path: ".".join(map(str, path)))
@examples(60)
@given(word=TEXTS)
@example(word="t1\n")
@example(word="²")
def test_a_value_of_the_data_model_is_kept_or_refused(path: tuple[Any, ...], word: str) -> None:
    found = errors(bent(path, word), groups=GROUPS)
    for line in found:
        assert line.isprintable(), line
        assert line.startswith("service_chain"), line
    if not found and word.strip():
        if path in FREE:
            networks = derive(read_intent(**bent(path, word))).networks
            assert next(each for each in networks if each["name"] == "vn1")[path[-1]] == word
        else:
            assert word.strip().isprintable()


@examples(100)
@given(word=TEXTS)
@example(word="vn9\n")
def test_a_key_of_the_data_model_is_a_name_or_refused(word: str) -> None:
    model = reference()
    model["networks"][word] = {"subnets": [{"cidr": "10.9.0.0/24"}]}
    found = errors(model, groups=GROUPS)
    assert all(line.isprintable() for line in found)
    assert found or word.isprintable()


@pytest.mark.parametrize("place", ["prefix", "via", "dev", "name"])
@examples(80)
@given(word=TEXTS)
@example(word="eth0\n")
@example(word="eth0; id")
def test_a_route_becomes_a_script_that_says_nothing_else(place: str, word: str) -> None:
    route = {"prefix": "10.9.0.0/24", "via": "10.0.1.1", "dev": "eth0"}
    name = word if place == "name" else "service-chain"
    try:
        data = cloud_config([route if place == "name" else {**route, place: word}], name=name)
    except IntentError as error:
        assert all(str(fault).isprintable() for fault in error.faults)
        return
    (file,) = yaml.safe_load(data)["write_files"]
    assert file["path"] == f"/var/lib/cloud/scripts/per-boot/90-{name}"
    (line,) = [line for line in file["content"].splitlines() if line.startswith("patiently ip")]
    words = line.split()
    assert set(line) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.:/"), line
    assert len(words) in (10, 12)


def test_hops_that_the_host_is_asked_for_are_addresses_and_interfaces() -> None:
    assert next_hops([{"prefix": "10.0.0.0/8", "via": "10.0.0.1; id"}]) == []
    with pytest.raises(IntentError):
        read_routes([{"prefix": "10.0.0.0/8", "via": "$(id)"}])


@examples(100)
@given(word=TEXTS)
@example(word="a\nvirt_type = kvm")
def test_a_value_of_nova_conf_is_one_value_or_refused(word: str) -> None:
    before = "[libvirt]\nvirt_type = qemu\n"
    try:
        after = with_options(before, {"DEFAULT": {"note": [word]}})
    except NovaConfError as error:
        assert str(error).isprintable()
        return
    assert values(after, "DEFAULT", "note") == [word]
    assert values(after, "libvirt", "virt_type") == ["qemu"]


@examples(100)
@given(word=TEXTS, key=TEXTS)
def test_an_adopted_file_gives_back_what_went_in(word: str, key: str) -> None:
    chain = {"description": word, "list": [word], "left": {"external": [{"prefix": word}]}}
    content = adopted_file({"remarks": [word], "service_chains": {key: chain}})

    class Loader(yaml.SafeLoader):
        """Reads what is marked as no template."""

    Loader.add_constructor("!unsafe", lambda loader, node: node.value)
    assert yaml.load(content, Loader) == {"service_chains": {key: chain}}
    assert "\n          # host: HOST   # " in content
    for text in (word, key):
        assert "{{" not in text or content.count("!unsafe") >= 1


def test_the_scripts_are_shell() -> None:
    data = cloud_config([{"prefix": "10.9.0.0/24", "via": "10.0.1.1", "dev": "eth0"}], forwarding=["ipv4", "ipv6"])
    script = yaml.safe_load(data)["write_files"][0]["content"]
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)
