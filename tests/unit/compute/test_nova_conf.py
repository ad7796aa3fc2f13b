# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nova.conf is read as oslo.config reads it, and edited without touching the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.nova_conf import (
    Assignment,
    NovaConfError,
    difference,
    read_entries,
    values,
    with_options,
)
from hypothesis import given
from hypothesis import strategies as st
from oslo_config import cfg, iniparser
from support.examples import examples

LINES = st.sampled_from(
    [
        "",
        "[libvirt]",
        "[DEFAULT]",
        "[pci]",
        "# virt_type = a",
        ";x",
        "virt_type = kvm",
        "virt_type:qemu",
        "virt_type=a=b:c",
        "cpu_mode = 'none'",
        'cpu_mode = "',
        "  more # text",
        "\tlonger",
        "spec = a",
        "spec = b ",
        "spec =",
        "bare",
        "[open",
        "[]",
        "= x",
    ]
)
TEXTS = st.lists(LINES, max_size=12).map("\n".join)


class _Judge(iniparser.BaseParser):  # type: ignore[misc]  # oslo.config has no types
    """What oslo.config's own parser finds, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.section = "DEFAULT"
        self.found: list[tuple[str, str, str]] = []

    def new_section(self, section: str) -> None:
        self.section = section

    def assignment(self, key: str, value: list[str]) -> None:
        self.found.append((self.section, key, "\n".join(value)))


def judged(text: str) -> list[tuple[str, str, str]]:
    judge = _Judge()
    judge.parse(text.splitlines(keepends=True))
    return judge.found


@examples(300)
@given(TEXTS)
def test_everything_is_read_as_oslo_config_reads_it(text: str) -> None:
    try:
        expected = judged(text)
    except iniparser.ParseError:
        with pytest.raises(NovaConfError):
            read_entries(text)
        return
    found = [(one.section, one.option, one.value) for one in read_entries(text) if isinstance(one, Assignment)]
    assert found == expected


@examples(300)
@given(TEXTS, st.lists(st.sampled_from(["qemu", "kvm", " a ", '"q"', "x # y"]), max_size=3))
def test_an_edit_gives_just_these_values_and_keeps_all_others(text: str, wanted: list[str]) -> None:
    try:
        before = judged(text)
    except iniparser.ParseError:
        return
    after = with_options(text, {"libvirt": {"virt_type": wanted}})
    ours = [value for section, option, value in judged(after) if (section, option) == ("libvirt", "virt_type")]
    assert ours == wanted
    others = [one for one in before if one[:2] != ("libvirt", "virt_type")]
    assert [one for one in judged(after) if one[:2] != ("libvirt", "virt_type")] == others
    comments = [line for line in text.splitlines() if line.startswith(("#", ";"))]
    assert [line for line in after.splitlines() if line.startswith(("#", ";"))] == comments
    assert with_options(after, {"libvirt": {"virt_type": wanted}}) == after


def test_value_in_a_section_that_comes_twice_is_the_one_that_counts(tmp_path: Path) -> None:
    text = "[libvirt]\nvirt_type = kvm\n[x]\n[Libvirt]\nvirt_type = kvm\n"
    after = with_options(text, {"libvirt": {"virt_type": ["qemu"]}})
    assert after == "[libvirt]\nvirt_type = qemu\n[x]\n[Libvirt]\n"
    file = tmp_path / "nova.conf"
    file.write_text(after)
    conf = cfg.ConfigOpts()
    conf.register_opt(cfg.StrOpt("virt_type"), group="libvirt")
    conf(["--config-file", str(file)], project="nova")
    assert conf.libvirt.virt_type == "qemu"


def test_new_value_stands_by_the_commented_default() -> None:
    text = "[libvirt]\n# How\n#virt_type = kvm\n\n#cpu_mode = <None>\n[x]\n"
    assert with_options(text, {"libvirt": {"virt_type": ["qemu"]}}) == text.replace(
        "#virt_type = kvm\n", "#virt_type = kvm\nvirt_type = qemu\n"
    )


def test_values_that_stay_are_not_rewritten() -> None:
    text = "[pci]\nspec=a\nspec =  b\nother = 1\n"
    assert with_options(text, {"pci": {"spec": ["a", "b", "c"]}}) == "[pci]\nspec=a\nspec =  b\nspec = c\nother = 1\n"
    assert with_options(text, {"pci": {"spec": ["a", "b"]}}) == text
    assert with_options(text, {"pci": {"spec": ["a"]}}) == "[pci]\nspec=a\nother = 1\n"


def test_lines_that_a_removed_value_went_on_in_go_too() -> None:
    text = "[libvirt]\ncpu_models = a,\n  b\nx = 1\n"
    assert with_options(text, {"libvirt": {"cpu_models": []}}) == "[libvirt]\nx = 1\n"


def test_line_ends_of_windows_and_a_missing_last_one_are_borne() -> None:
    assert with_options("[a]\r\nb = 1\r\n", {"a": {"b": ["2"]}}) == "[a]\r\nb = 2\r\n"
    assert with_options("[a]\nb = 1", {"c": {"d": ["2"]}}) == "[a]\nb = 1\n\n[c]\nd = 2\n"


def test_refusals_name_the_line_and_not_what_stands_there() -> None:
    with pytest.raises(NovaConfError, match=r"^line 2 is neither a section nor an option with a value$"):
        values("[a]\nsecret\n", "a", "b")


def test_difference_shows_options_and_hides_secrets() -> None:
    before = "[DEFAULT]\ntransport_url = rabbit://a:b@c\nx = 1\n"
    after = "[DEFAULT]\ntransport_url = rabbit://a:d@c\nx = 2\ny = 3\n"
    assert difference(before, after) == [
        "-[DEFAULT] transport_url = ********",
        "+[DEFAULT] transport_url = ********",
        "-[DEFAULT] x = 1",
        "+[DEFAULT] x = 2",
        "+[DEFAULT] y = 3",
    ]
