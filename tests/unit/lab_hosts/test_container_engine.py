# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The docker of a lab host: kolla's ways with configuration, and docker's with words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab.hosts.container_engine import ContainerEngine, EngineError, fill, main

CONFIG = "[libvirt]\n#virt_type = kvm\n"
CHANGED = "[libvirt]\nvirt_type = qemu\n"
MOUNTS = {"/var/lib/kolla/config_files": "/etc/kolla/nova-compute"}


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """A host's /etc with what kolla leaves in it."""
    directory = tmp_path / "etc" / "kolla" / "nova-compute"
    directory.mkdir(parents=True)
    (directory / "nova.conf").write_text(CONFIG)
    copied = {"source": "/var/lib/kolla/config_files/nova.conf", "dest": "/etc/nova/nova.conf", "perm": "0600"}
    (directory / "config.json").write_text(json.dumps({"config_files": [copied]}))
    return tmp_path / "etc"


def engine(etc: Path, strategy: str = "COPY_ALWAYS") -> ContainerEngine:
    made = ContainerEngine(etc.parent / "containers", etc)
    environment = {"KOLLA_CONFIG_STRATEGY": strategy}
    made.create("nova_compute", {"image": "nova", "environment": environment, "mounts": MOUNTS})
    return made


def inside(etc: Path) -> Path:
    return etc.parent / "containers/nova_compute/rootfs/etc/nova/nova.conf"


def docker(etc: Path, *arguments: str) -> int:
    return main(["--containers", str(etc.parent / "containers"), *arguments])


def test_container_has_its_configuration_from_the_start(etc: Path) -> None:
    engine(etc)
    assert inside(etc).read_text() == CONFIG
    assert inside(etc).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("strategy", "then"), [("COPY_ALWAYS", CHANGED), ("COPY_ONCE", CONFIG)])
def test_restart_copies_as_the_strategy_says(etc: Path, strategy: str, then: str) -> None:
    made = engine(etc, strategy)
    (etc / "kolla/nova-compute/nova.conf").write_text(CHANGED)
    assert inside(etc).read_text() == CONFIG
    made.restart("nova_compute")
    assert inside(etc).read_text() == then


def test_restart_undoes_what_was_edited_inside(etc: Path) -> None:
    made = engine(etc)
    inside(etc).write_text(CHANGED)
    made.restart("nova_compute")
    assert inside(etc).read_text() == CONFIG


def test_restarts_are_counted(etc: Path) -> None:
    made = engine(etc)
    made.restart("nova_compute")
    made.restart("nova_compute")
    container = json.loads((etc.parent / "containers/nova_compute/container.json").read_text())
    assert container["Restarts"] == 2


def test_unreadable_configuration_ends_the_container(etc: Path) -> None:
    made = engine(etc)
    (etc / "kolla/nova-compute/nova.conf").write_text("virt_type = qemu\n")
    made.restart("nova_compute")
    assert made.inspect("nova_compute")["State"]["Status"] == "exited"
    with pytest.raises(EngineError, match="Container nova_compute is not running"):
        made.enter_command("nova_compute", ["true"])


def test_container_that_forgets_its_configuration_copies_it_again(etc: Path) -> None:
    made = engine(etc, "COPY_ONCE")
    (etc / "kolla/nova-compute/nova.conf").write_text(CHANGED)
    assert made.enter_command("nova_compute", ["rm", "-f", "/configured"])[-1] == str(
        etc.parent / "containers/nova_compute/rootfs/configured"
    )
    (etc.parent / "containers/nova_compute/rootfs/configured").unlink()
    made.restart("nova_compute")
    assert inside(etc).read_text() == CHANGED


def test_stopped_container_cannot_be_entered(etc: Path) -> None:
    made = engine(etc)
    assert docker(etc, "stop", "nova_compute") == 0
    assert made.inspect("nova_compute")["State"]["Running"] is False
    with pytest.raises(EngineError, match="Container nova_compute is not running"):
        made.enter_command("nova_compute", ["true"])


def test_inspect_shows_environment_and_mounts(etc: Path) -> None:
    shown = engine(etc).inspect("nova_compute")
    assert shown["Name"] == "/nova_compute"
    assert shown["Config"]["Env"] == ["KOLLA_CONFIG_STRATEGY=COPY_ALWAYS"]
    assert shown["HostConfig"]["Binds"] == ["/etc/kolla/nova-compute:/var/lib/kolla/config_files:ro"]


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{{.State.Status}}", "up"),
        ("{{ json .State }}", '{"Status": "up", "Running": true}'),
        ("{{.State.Running}} {{.Name}}", "true c"),
        ("{{range .Env}}{{println .}}{{end}}", "a=1\nb=2\n"),
        ("{{range .Env}}{{.}};{{end}}", "a=1;b=2;"),
    ],
)
def test_templates(template: str, filled: str) -> None:
    values: dict[str, Any] = {
        "Name": "c",
        "State": {"Status": "up", "Running": True},
        "Env": ["a=1", "b=2"],
    }
    assert fill(template, values) == filled


@pytest.mark.parametrize("template", ["{{.Nothing}}", '{{index .Env "a"}}', "{{if .Name}}x{{end}}"])
def test_templates_beyond_the_simple_are_refused(template: str) -> None:
    with pytest.raises(EngineError):
        fill(template, {"Name": "c", "Env": []})


def test_ps_lists_running_containers(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine(etc)
    assert docker(etc, "ps", "--filter", "name=nova", "--format", "{{.Names}} {{.Status}}") == 0
    assert capsys.readouterr().out == "nova_compute Up\n"


def test_inspect_of_a_stranger_is_an_empty_list_and_a_complaint(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine(etc)
    assert docker(etc, "inspect", "stranger") == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("[]\n", "Error: No such object: stranger\n")


def test_restart_of_a_stranger_is_refused(etc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine(etc)
    assert docker(etc, "restart", "stranger") == 1
    assert capsys.readouterr().err == "Error response from daemon: No such container: stranger\n"
