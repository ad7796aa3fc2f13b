# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS, client certificates, the port for local administrators, and that no secret shows: a lab that has it all."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab.core.site import DEFAULT_SITE
from lab.fixture import Lab, running_lab
from support.module_run import ModuleFailedError, run_module

ROOT = Path(__file__).resolve().parents[3]
SECRET = "admin"
NETWORK = [{"name": "vn1"}]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab with Keystone and TLS that wants certificates of its clients; operator's password is SECRET."""
    site = yaml.safe_load(DEFAULT_SITE.read_text(encoding="utf-8"))
    site["keystone"]["users"]["operator"]["password"] = SECRET
    site["keystone"]["local_admin"] = {"username": "operator", "password": SECRET}
    site["routers"][0]["configuration"] = str(DEFAULT_SITE.parent / site["routers"][0]["configuration"])
    site["hosts"] = {}
    file = tmp_path_factory.mktemp("site") / "site.yml"
    file.write_text(yaml.safe_dump(site), encoding="utf-8")
    options = ("--auth", "keystone", "--tls", "--demand-certificate", "--no-hosts", "--site", str(file))
    with running_lab(tmp_path_factory.mktemp("lab"), *options) as lab:
        yield lab


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client go on at once where it would wait, and nobody else's authorities count."""
    module = "ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.api.sending"
    monkeypatch.setattr(f"{module}.BACK_OFF", (0.0, 0.0, 0.0))
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def options(lab: Lab, **changes: Any) -> dict[str, Any]:
    given = {
        "api_url": [lab.contrail_url],
        "auth": "keystone",
        "auth_url": lab.keystone_url,
        "username": "operator",
        "password": SECRET,
        "project_name": "tenant",
        "user_domain_name": "customers",
        "project_domain_name": "customers",
        "ca_file": str(lab.tls / "ca.pem"),
        "client_cert": str(lab.tls / "client.pem"),
        "config": NETWORK,
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def fails(lab: Lab, **changes: Any) -> str:
    with pytest.raises(ModuleFailedError) as caught:
        run_module("contrail_vn", options(lab, **changes))
    message: str = caught.value.result["msg"]
    assert "\n" not in message
    return message


def test_a_server_with_a_certificate_that_is_trusted(guarded: Lab) -> None:
    guarded.reset()

    assert run_module("contrail_vn", options(guarded))["changed"] is True
    assert run_module("contrail_vn", options(guarded))["changed"] is False


def test_certificate_and_key_in_files_of_their_own(guarded: Lab, tmp_path: Path) -> None:
    both = (guarded.tls / "client.pem").read_text(encoding="utf-8")
    key, certificate = re.findall(r"-----BEGIN.*?-----END[^\n]*\n", both, re.DOTALL)
    (tmp_path / "key.pem").write_text(key, encoding="utf-8")
    (tmp_path / "cert.pem").write_text(certificate, encoding="utf-8")
    files = {"client_cert": str(tmp_path / "cert.pem"), "client_key": str(tmp_path / "key.pem")}

    assert run_module("contrail_vn", options(guarded, **files), check=True)["requests"] > 0


def test_a_certificate_of_an_unknown_authority_is_refused(guarded: Lab) -> None:
    assert "certificate not trusted: self-signed certificate in certificate chain" in fails(guarded, ca_file=None)


def test_a_setting_of_the_environment_does_not_overrule_the_options(
    guarded: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")

    assert run_module("contrail_vn", options(guarded, ca_file=None, validate_certs=False), check=True)["requests"] > 0


def test_certificates_go_unchecked_on_request(guarded: Lab) -> None:
    assert run_module("contrail_vn", options(guarded, ca_file=None, validate_certs=False), check=True)["requests"] > 0


def test_a_client_without_the_certificate_that_is_demanded(guarded: Lab) -> None:
    assert "no answer from https://" in fails(guarded, client_cert=None)


@pytest.mark.parametrize("option", ["ca_file", "client_cert", "client_key"])
def test_files_that_are_not_there_are_named(guarded: Lab, option: str) -> None:
    assert fails(guarded, **{option: "/nowhere/file.pem"}) == f"{option}: there is no /nowhere/file.pem"


@pytest.mark.parametrize("option", ["ca_file", "client_cert"])
def test_files_that_hold_no_certificate(guarded: Lab, option: str, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing\n", encoding="utf-8")

    assert "no answer from https://" in fails(guarded, **{option: str(tmp_path / "empty.pem")})


def test_the_port_for_local_administrators(guarded: Lab) -> None:
    guarded.reset()
    changes = {"api_url": [guarded.local_admin_url], "auth": "basic"}

    assert run_module("contrail_vn", options(guarded, **changes))["changed"] is True
    message = fails(guarded, **changes, password="wrong-word")

    assert message.startswith("cannot list virtual-network: HTTP 401, Access denied; check username and password")


def test_no_secret_shows_anywhere(guarded: Lab, tmp_path: Path) -> None:
    """A password as short and common as `admin`, in all that Ansible prints at its most talkative, and in logs."""
    guarded.reset()
    login = options(guarded)
    failing = {**login, "ca_file": str(tmp_path / "nothing.pem")}
    tasks = [
        {
            "opencontrail.service_chain.contrail_vn": {
                **login,
                "config": [{"name": "vn1", "route_targets": ["64512:1"]}],
            }
        },
        {
            "opencontrail.service_chain.contrail_vn": {
                **login,
                "config": [{"name": "vn1", "route_targets": ["64512:2"]}],
            }
        },
        {"opencontrail.service_chain.contrail_vn": {**login, "password": f"{SECRET}x"}, "ignore_errors": True},
        {"opencontrail.service_chain.contrail_vn": failing, "ignore_errors": True},
    ]
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    playbook, log = tmp_path / "play.yml", tmp_path / "ansible.log"
    playbook.write_text(json.dumps(play), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-vvvv", "--diff", str(playbook)]
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache"),
        "ANSIBLE_LOG_PATH": str(log),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }

    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + done.stderr + log.read_text(encoding="utf-8")
    assert "changed=2" in said
    assert "ignored=2" in said
    shown = [line for line in said.splitlines() if SECRET in line]
    assert not shown, shown[:5]
    assert not re.search(r"gAAAA|X-Auth-Token|X-Subject-Token", said)
