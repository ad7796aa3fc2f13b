# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands in the place of a value, in a module's options or in the data model: one error, and no traceback.

The modules for routers are tried by tests/wire/test_vmx_hostile_options.py, in each place that an option has.
"""

from __future__ import annotations

import copy
import importlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.sending import Sender
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.errors import ContrailError
from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.design import problems
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session import session
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.examples import examples
from support.module_run import MODULES, ModuleFailedError, run_module

ROOT = Path(__file__).resolve().parents[2]
BY_ACTION = {
    "chain_design",
    "chain_verify",
    "chain_wait",
    "compute_plan",
    "host_routes",
    "nova_conf_file",
    "openstack_servers",
}
"""What has only an action plugin."""
NAMES = sorted(
    path.stem
    for path in (ROOT / "plugins" / "modules").glob("*.py")
    if path.stem not in BY_ACTION and not path.stem.startswith("vmx_")
)
OPTION = "opencontrail.service_chain."

ENDLESS = int("9" * 4000)  # Python writes out and reads 4,300 digits
WRONG: tuple[Any, ...] = (
    None, "", "x", "9" * 5000, "a\x1bb", "x" * 5000, True, 1.5, -1, ENDLESS, [], [None], ["x"], [[]], [{}],
    [ENDLESS], [5], {}, {"x": "y"}, {"x": None}, {"": []},
)  # fmt: skip
ENDLESS_KEYS: tuple[Any, ...] = ("\ud800", 10**5000, [10**5000], {10**5000: 1}, {None: 1}, {1: 2}, b"x", float("nan"))
"""What YAML gives to filters, and JSON does not give to modules."""
MODEL: dict[str, Any] = {
    "networks": {
        "vn1": {"subnets": [{"cidr": "10.0.1.0/24", "gateway": "10.0.1.1"}], "route_target": "64512:1"},
        "vn2": {"subnets": [{"cidr": "10.0.2.0/24"}], "route_target": "64512:2", "annotations": {"a": "b"}},
    },
    "services": {"fw": {"mode": "in-network", "members": [{"left": "l", "right": "r", "host": "h"}]}},
    "routers": {"vmx1": {"address": "172.31.10.57", "filters": [{"name": "f", "interfaces": ["ge-0/0/0.0"]}]}},
    "chains": {
        "c": {
            "left": {"network": "vn1", "external": [{"prefix": "172.31.9.34/32", "term": "t1"}]},
            "right": {"network": "vn2", "external": [{"prefix": "172.31.8.198/32"}]},
            "services": ["fw"],
            "match": [{"protocol": "tcp", "destination_ports": [80]}],
        }
    },
    "ports": [
        {"name": "l", "network": "vn1", "addresses": ["10.0.1.4"]},
        {"name": "r", "network": "vn2", "addresses": ["10.0.2.4"]},
    ],
}


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in data."""
    for key, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key)
        yield from places(inner, (*path, key))


def with_wrong(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of data with another value at a path."""
    changed = copy.deepcopy(data)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


@cache
def documented(name: str) -> tuple[dict[str, Any], ...]:
    """Return the options of a module's examples, and of all modules' the connection to nobody."""
    found = []
    for task in yaml.safe_load(importlib.import_module(f"{MODULES}.{name}").EXAMPLES):
        options = task.get(OPTION + name)
        if options and "{{" not in json.dumps(options):
            found.append({each: value for each, value in options.items() if each not in CONNECTION})
    return (*filter(None, found), *([UNDOCUMENTED[name]] if name in UNDOCUMENTED else []))


CONNECTION = {"host", "port", "user", "password", "api_url", "auth", "auth_url", "username", "project_name", "token"}
NOWHERE = {"host": "127.0.0.1", "port": 1, "user": "u", "password": "correct horse"}
UNDOCUMENTED: dict[str, dict[str, Any]] = {
    "chain_adopt": {
        "policies": ["p"],
        "routers": {"vmx1": {"configuration": {"written": "<configuration/>", "effective": "<configuration/>"}}},
    },
    "chain_diagnose": {
        "intent": MODEL,
        "introspect": {"control": ["http://127.0.0.1:1"], "agent": {"a": "http://127.0.0.1:1"}, "timeout": 1},
        "routers": {"vmx1": {"configuration": {"effective": "<configuration/>"}, "bgp": {"peers": [{"address": "x"}]}}},
    },
    "nova_service": {
        "cloud": {
            "auth": {"auth_url": "http://127.0.0.1:1", "username": "u", "password": "p", "project_id": "1"},
            "interface": "internal",
            "validate_certs": False,
        },
        "state": "enabled",
        "reason": "r",
        "timeout": 1,
    },
}


def connection(name: str) -> dict[str, Any]:
    """Return where nobody answers."""
    if name in ("chain_routes", "nova_service"):
        return {"host": "compute1"} if name == "nova_service" else {}
    return dict(NOWHERE) if name.startswith("vmx_") else {"api_url": ["http://127.0.0.1:1"], "timeout": 1}


def tried(name: str, options: dict[str, Any]) -> None:
    """Run a module with wrong options; refused or not, it may not meet what nobody foresaw."""
    nobody = session.RouterError("nobody is there")
    with (
        mock.patch.object(session, "open_session", side_effect=nobody),
        mock.patch.object(Sender, "send", side_effect=ContrailError("nobody is there")),
    ):
        try:
            run_module(name, {**options, **connection(name)})
        except ModuleFailedError as failed:
            shown = str(failed.result)
            assert "Traceback" not in shown, shown
            assert "unexpected error" not in shown, shown
            assert failed.result["msg"].strip()
            assert max(map(len, failed.result["msg"].split())) < 600, "a value is shown in full"


@pytest.mark.parametrize("name", NAMES)
@examples(20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_modules_refuse_it_in_one_line(name: str, data: st.DataObject) -> None:
    options = data.draw(st.sampled_from(documented(name)))
    path = data.draw(st.sampled_from(list(places(options))))
    tried(name, with_wrong(options, path, data.draw(st.sampled_from(WRONG))))


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("contrail_policy", {"config": [{"name": "p", "rules": [None]}]}, "rules[0]"),
        ("contrail_policy",
         {"config": [{"name": "p", "rules": [{"source": [{"network": "a"}], "destination": [None]}]}]},
         "config[0].rules[0].destination[0]"),
        ("contrail_service_instance", {"config": [], "wait": [None]}, "wait: must be a mapping, such as {for: ...}"),
        ("contrail_vn", {"config": [{"name": "n", "subnets": ["x"]}]}, "config[0].subnets[0]: must be a mapping"),
        ("contrail_vn", {"config": [], "timeout": True}, "timeout: is a number, not true"),
        ("contrail_vn", {"config": [{"name": "n", "annotations": {"a": ENDLESS}}]}, "config[0]"),
        ("vmx_info", {"tables": ["a\x1bb"]}, "tables[0]"),
        ("vmx_info", {"gather": ["bgp"], "connect_timeout": ENDLESS}, "connect_timeout"),
        ("chain_routes", {"services": [{"name": "f", "mode": "in-network", "service_addresses": "x"}]},
         "services[0].service_addresses: must be a mapping"),
        ("chain_preflight", {"intent": MODEL, "routers": {"vmx1": {"configuration": {"written": "<a"}}}},
         "routers.vmx1.configuration.written: is no configuration"),
    ],
)  # fmt: skip
def test_the_message_says_where(name: str, options: dict[str, Any], says: str) -> None:
    def nobody(*_arguments: Any, **_named: Any) -> Any:
        raise session.RouterError("nobody is there")

    with mock.patch.object(session, "open_session", nobody), pytest.raises(ModuleFailedError) as failed:
        run_module(name, {**connection(name), **options})
    assert says in failed.value.result["msg"]
    assert "\n" not in failed.value.result["msg"]


@examples(250, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(list(places(MODEL))), value=st.sampled_from(WRONG + ENDLESS_KEYS))
def test_the_data_model_refuses_it_with_its_path(path: tuple[Any, ...], value: Any) -> None:
    model = with_wrong(MODEL, path, value)
    for line in problems(model):
        assert line.isprintable()
        assert ": " in line
        assert len(line) < 1000
