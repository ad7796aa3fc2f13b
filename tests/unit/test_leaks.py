# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The net for secrets catches what it is there for, at each of the places where it hangs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail import module as edge
from ansible_collections.opencontrail.service_chain.plugins.modules import contrail_info
from support.leaks import leaks, refuse_leaking_files, suite_secrets
from support.module_run import ModuleFailedError, run_module

ROUTER_PASSWORD = "lab-router-password"
LOGIN = {"auth": "basic", "username": "u", "password": "an-odd-word"}
OPTIONS = {"api_url": ["http://127.0.0.1:1"], "kind": "project", **LOGIN}


def test_the_secrets_are_those_of_router_keystone_and_nova() -> None:
    assert suite_secrets() == {
        ROUTER_PASSWORD, "contrail123", "lab-admin-password", "lab-demo-password", "lab-operator-password",
        "lab-credential-secret", "lab-rabbit-password",
    }  # fmt: skip


def test_a_secret_is_found_in_keys_values_and_parts_of_lines_and_is_not_repeated() -> None:
    data = {"a": ["first\nit is xlab-demo-passwordx here"], "lab-admin-password": None, "b": ("nothing", 7)}

    assert leaks(data, suite_secrets()) == ["it is x<secret>x here", "<secret>"]
    assert leaks("user admin of 10.0.0.1", {"admin", "0"}) == []


@pytest.mark.parametrize("way", ["result", "diff", "warning", "log", "failure"])
def test_a_module_that_shows_its_password_is_caught(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    def main() -> None:
        module = AnsibleModule(argument_spec={"kind": {"type": "str"}, **edge.CONNECTION_SPEC})
        text = f"login {module.params['password']}"
        if way == "failure":
            module.fail_json(msg=text)
        if way == "warning":
            module.warn(text)
        if way == "log":
            module.log(text)
        module.exit_json(**{way: {"before": text}} if way in ("result", "diff") else {})

    monkeypatch.setattr(contrail_info, "main", main)
    with pytest.raises(AssertionError, match=r"a secret shows in .*contrail_info.*login <secret>"):
        run_module("contrail_info", OPTIONS)


def test_a_module_that_hides_its_password_is_not() -> None:
    with pytest.raises(ModuleFailedError, match="no answer from"):
        run_module("contrail_info", {**OPTIONS, "api_url": ["http://127.0.0.1:1"], "timeout": 1})


def test_a_command_of_ansible_that_prints_a_secret_is_caught() -> None:
    command: list[Any] = [Path(sys.executable).with_name("ansible"), "localhost", "-m", "debug", "-a"]
    with pytest.raises(AssertionError, match=r"a secret shows in what .*ansible says"):
        subprocess.run([*command, f"msg={ROUTER_PASSWORD}"], capture_output=True, text=True, check=False)


def test_a_file_of_a_lab_that_holds_a_secret_is_caught_but_for_those_that_began_with_it(tmp_path: Path) -> None:
    kept = tmp_path / "hosts" / "compute1" / "etc" / "kolla" / "nova-compute" / "nova.conf"
    report = tmp_path / "snapshots" / "report.html"
    for path in (kept, report):
        path.parent.mkdir(parents=True)
    kept.write_text("transport_url = rabbit://openstack:lab-rabbit-password@172.31.4.76")
    refuse_leaking_files(tmp_path)

    report.write_text(f"<p>{ROUTER_PASSWORD}</p>")
    with pytest.raises(AssertionError, match=r"a secret shows in .*report\.html: \['<p><secret></p>'\]"):
        refuse_leaking_files(tmp_path)


@pytest.mark.parametrize("where", ["print", "log", "lab"])
def test_a_test_that_shows_a_secret_and_a_lab_that_keeps_one_fail_the_session(tmp_path: Path, where: str) -> None:
    lines = {
        "print": "print(word)",
        "log": "logging.getLogger().warning(word)",
        "lab": "(tmp_path / 'ready.json').touch(); (tmp_path / 'snapshot.json').write_text(word)",
    }
    (tmp_path / "test_it.py").write_text(
        f"import logging\ndef test_it(tmp_path):\n    word = {ROUTER_PASSWORD!r}\n    {lines[where]}\n"
    )
    tests = Path(__file__).parents[1]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "conftest"]
    options = [f"--rootdir={tmp_path}", f"--basetemp={tmp_path / 'base'}", "-o", f"pythonpath={tests}"]

    done = subprocess.run(
        [*command, *options, str(tmp_path / "test_it.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tests)},
    )

    shutil.rmtree(tmp_path / "base")  # or the session of this test would fail as well
    assert done.returncode == 1, done.stdout + done.stderr
    assert "a secret shows in" in done.stdout
