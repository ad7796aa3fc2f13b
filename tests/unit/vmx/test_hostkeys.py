# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trusted host keys are judged as OpenSSH judges them; ssh-keygen says which lines are about a host."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.session.hostkeys import (
    KeyVerdict,
    judge,
    known_kinds,
    names_of,
    parse_line,
    read_known_hosts,
)
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.examples import examples

ED25519, RSA = "ssh-ed25519", "ssh-rsa"


def blob(kind: str, content: bytes) -> bytes:
    return len(kind).to_bytes(4, "big") + kind.encode() + len(content).to_bytes(4, "big") + content


def line(hosts: str, kind: str = ED25519, content: bytes = b"k" * 32, *, marker: str = "") -> str:
    return f"{marker} {hosts} {kind} {base64.b64encode(blob(kind, content)).decode()} a comment".strip()


def verdict(
    text: str, tmp_path: Path, *, port: int = 830, kind: str = ED25519, content: bytes = b"k" * 32
) -> KeyVerdict:
    file = tmp_path / "known_hosts"
    file.write_text(text)
    found = judge(read_known_hosts([file]), names_of("vmx1", port), kind, blob(kind, content))
    return found.verdict


DAMAGED = [
    "[vmx9]:830 ssh-ed25519 AAAA=BBB",
    "[vmx9]:830 ssh-ed25519 not/base64!",
    "[vmx9]:830 ssh-ed25519",
    "[vmx9]:830",
    "@revoked",
    "@something vmx1 ssh-ed25519 AAAA",
    "|1|damaged|salt ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr",
    "|1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr",
    "# a comment",
    "",
    "\x00\x01",
    "2048 35 1234567890 an old key of protocol 1",
]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_line_that_says_nothing_is_passed_over(damaged: str, tmp_path: Path) -> None:
    assert verdict(f"{damaged}\n{line('[vmx1]:830')}\n{damaged}\n", tmp_path) is KeyVerdict.TRUSTED
    assert verdict(damaged, tmp_path) is KeyVerdict.UNKNOWN


def test_a_file_that_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    file.write_bytes(b"Z\xfcrich ssh-ed25519 AAAA\n" + line("vmx1").encode())
    assert [one.hosts for one in read_known_hosts([file, tmp_path / "missing"])] == [("vmx1",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (line("[vmx1]:830"), KeyVerdict.TRUSTED),
        (line("VMX1"), KeyVerdict.TRUSTED),
        (line("vmx2,vmx1"), KeyVerdict.TRUSTED),
        (line("vmx?"), KeyVerdict.TRUSTED),
        (line("*,![vmx1]:830,!vmx1"), KeyVerdict.UNKNOWN),
        (line("[vmx1]:831"), KeyVerdict.UNKNOWN),
        (line("[vmx1]:830", content=b"o" * 32), KeyVerdict.CHANGED),
        (line("[vmx1]:830", content=b"o" * 32) + "\n" + line("[vmx1]:830"), KeyVerdict.TRUSTED),
        (line("[vmx1]:830", content=b"o" * 32) + "\n" + line("vmx1"), KeyVerdict.CHANGED),
        (line("[vmx1]:830", RSA), KeyVerdict.OTHER_TYPE),
        (line("[vmx1]:830", RSA) + "\n" + line("vmx1"), KeyVerdict.TRUSTED),
        (line("vmx1", content=b"o" * 32), KeyVerdict.CHANGED),
        (line("*", marker="@cert-authority"), KeyVerdict.ONLY_AUTHORITY),
        (line("*", marker="@cert-authority") + "\n" + line("vmx1"), KeyVerdict.TRUSTED),
        (line("*", marker="@revoked") + "\n" + line("vmx1"), KeyVerdict.REVOKED),
        (line("*", marker="@revoked", content=b"o" * 32) + "\n" + line("vmx1"), KeyVerdict.TRUSTED),
        (line("vmx9", marker="@revoked") + "\n" + line("vmx1"), KeyVerdict.TRUSTED),
    ],
)
def test_what_the_lines_say_of_a_key(text: str, expected: KeyVerdict, tmp_path: Path) -> None:
    assert verdict(text, tmp_path) is expected


def test_the_types_that_are_known_are_asked_for_first() -> None:
    lines = (line("vmx1", RSA), line("[vmx1]:830"), line("vmx2", "ecdsa"), line("*", "ssh-dss", marker="@revoked"))
    known = [one for one in map(parse_line, lines) if one]
    assert known_kinds(known, names_of("vmx1", 830)) == [RSA, ED25519]


def test_an_alias_stands_for_name_and_port() -> None:
    assert names_of("192.0.2.1", 830, "vmx1") == ("vmx1",)
    assert names_of("vmx1", 22) == ("vmx1",)


def test_a_host_is_known_however_its_letters_are_written(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    kind, content = ED25519, b"k" * 32
    for written in ("vmx1.example", "VMX1.Example", "[vmx1.example]:830", "vmx1.*"):
        file.write_text(line(written))
        names = names_of("VMX1.Example", 830)
        assert judge(read_known_hosts([file]), names, kind, blob(kind, content)).verdict is KeyVerdict.TRUSTED


NAMES = st.sampled_from(["vmx1", "vmx2", "[vmx1]:830", "[vmx2]:830", "192.0.2.1", "[2001:db8::1]:830"])
PATTERNS = st.sampled_from(
    ["vmx1", "VMX1", "vmx?", "*", "!vmx1", "![vmx1]:830", "[vmx*]:830", "192.0.2.*", "[*]:830", "v"]
)
MARKERS = st.sampled_from(["", "", "@revoked", "@cert-authority"])


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs OpenSSH's ssh-keygen")
@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAMES,
    lines=st.lists(st.tuples(MARKERS, st.lists(NAMES | PATTERNS, min_size=1, max_size=3)), min_size=1, max_size=5),
    hashed=st.booleans(),
)
def test_lines_are_about_a_host_where_ssh_keygen_says_so(
    name: str, lines: list[tuple[str, list[str]]], hashed: bool, tmp_path: Path
) -> None:
    file = tmp_path / "known_hosts"
    file.write_text("".join(f"{line(','.join(hosts), marker=marker)}\n" for marker, hosts in lines))
    if hashed:
        subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(file)], check=False, capture_output=True)
    said = subprocess.run(
        ["ssh-keygen", "-F", name, "-f", str(file)], check=False, capture_output=True, text=True
    ).stdout
    expected = {int(number) for number in re.findall(r"found: line (\d+)", said)}
    ours = {int(one.place.rpartition(":")[2]) for one in read_known_hosts([file]) if one.is_of([name])}
    assert ours == expected
