# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instances.yaml of the Contrail deployers: the nova.conf in it is edited, every other byte stays.

The deployer copies each value of ``kolla_config.customize`` to the file /etc/kolla/config/KEY. Only PyYAML's parser is
used, for the places of values in the text; a writer would lose comments and order. PyYAML comes with ansible-core.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.nova_conf import Options
from ansible_collections.opencontrail.service_chain.plugins.module_utils.nova.options import prepared

PATH = ("kolla_config", "customize")


class InstancesError(ValueError):
    """The file cannot be edited; the message is one line with the reason and the cure."""


def with_nova_conf(text: str, key: str, options: Options) -> str:
    """Return the file with ``options`` in its ``kolla_config.customize[key]``. Raises InstancesError, NovaConfError."""
    loaded = _loaded(text)
    customize = (loaded.get(PATH[0]) or {}).get(PATH[1]) or {}
    before = nova_conf_in(text, key)
    conf = prepared(before, options)
    if conf == before:
        return text
    after = _with_value(text, key, conf)
    expected = {**loaded, PATH[0]: {**(loaded.get(PATH[0]) or {}), PATH[1]: {**customize, key: conf}}}
    try:
        is_expected = yaml.safe_load(after) == expected
    except yaml.YAMLError:
        is_expected = False
    if not is_expected:
        raise InstancesError(
            f"kolla_config.customize.{key} stands there in a way that cannot be edited; write it as a block (|)"
        )
    return after


def nova_conf_in(text: str, key: str) -> str:
    """Return ``kolla_config.customize[key]``, empty where there is none. Raises InstancesError."""
    conf = ((_loaded(text).get(PATH[0]) or {}).get(PATH[1]) or {}).get(key) or ""
    if not isinstance(conf, str):
        raise InstancesError(f"kolla_config.customize.{key} must be the text of a file")
    return conf


def _loaded(text: str) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise InstancesError(
            f"the file cannot be read{line}: {getattr(error, 'problem', None) or 'not YAML'}"
        ) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise InstancesError("the file must hold a mapping, as the deployer reads it")
    for keys in (PATH[:1], PATH):
        value: Any = loaded
        for key in keys:
            value = (value or {}).get(key)
        if value is not None and not isinstance(value, Mapping):
            raise InstancesError(f"{'.'.join(keys)} must be a mapping")
    return loaded


def _with_value(text: str, key: str, conf: str) -> str:
    """Return the text with the scalar at the path replaced or put in."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return _ended(text) + _nested([*PATH, key], conf, 0)
    node: Any = root
    for depth, name in enumerate([*PATH, key]):
        found = _child(node, name)
        if found is None:
            return _inserted(text, node, [*PATH, key][depth:], conf)
        name_node, value = found
        if isinstance(value, yaml.ScalarNode):
            return _replaced(text, name_node, value, [*PATH, key][depth + 1 :], conf)
        node = value
    raise InstancesError(f"kolla_config.customize.{key} must be the text of a file")


def _child(node: Any, name: str) -> tuple[Any, Any] | None:
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _inserted(text: str, node: Any, names: list[str], conf: str) -> str:
    """Put ``names``, each below the one before, into a mapping as its first."""
    if node.flow_style:
        place = node.start_mark.index + 1
        comma = ", " if node.value else ""
        return f"{text[:place]}{_flow(names, conf)}{comma}{text[place:]}"
    column = node.value[0][0].start_mark.column
    last = _end_of(text, node)
    return _ended(text[:last]) + _nested(names, conf, column) + text[last:]


def _end_of(text: str, node: Any) -> int:
    """Return where the last line with content of a block mapping ends; marks lie behind comments that follow it."""
    last = node
    while isinstance(last, (yaml.MappingNode, yaml.SequenceNode)) and last.value and not last.flow_style:
        last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
    if isinstance(last, yaml.ScalarNode) and last.style in ("|", ">"):
        return _end_of_block(text, last)
    newline = text.find("\n", last.end_mark.index)
    return len(text) if newline < 0 else newline + 1


def _end_of_block(text: str, node: Any) -> int:
    """Return where the lines of a block scalar end: at the first line that is indented less than its first."""
    index = text.find("\n", node.start_mark.index) + 1
    indent = None
    end = index
    while 0 < index < len(text):
        newline = text.find("\n", index)
        stop = len(text) if newline < 0 else newline + 1
        line = text[index:stop]
        if line.strip():
            depth = len(line) - len(line.lstrip(" "))
            indent = depth if indent is None else indent
            if depth < indent or stop > node.end_mark.index:
                break
            end = stop
        index = stop
    return end


def _replaced(text: str, name_node: Any, value: Any, names: list[str], conf: str) -> str:
    """Put ``conf``, below ``names`` if any, in the place of a scalar."""
    start, end = value.start_mark.index, value.end_mark.index
    column = name_node.start_mark.column
    if names:  # the scalar is the empty value of a mapping
        return f"{text[:start]} {{{_flow(names, conf)}}}{text[end:]}"
    if value.style == "|" and conf.strip():
        return text[:start] + _block(conf, column) + text[_end_of_block(text, value) :]
    if value.style in ("|", ">"):
        end = _end_of_block(text, value)
        return f"{text[:start]}{json.dumps(conf)}\n{text[end:]}"
    space = "" if text[start - 1 : start] in (" ", "\n") else " "
    return f"{text[:start]}{space}{json.dumps(conf)}{text[end:]}"


def _flow(names: list[str], conf: str) -> str:
    head, *rest = names
    return f"{head}: {{{_flow(rest, conf)}}}" if rest else f"{head}: {json.dumps(conf)}"


def _nested(names: list[str], conf: str, column: int) -> str:
    head, *rest = names
    begin = f"{' ' * column}{head}:"
    return f"{begin}\n{_nested(rest, conf, column + 2)}" if rest else f"{begin} {_block(conf, column)}"


def _block(conf: str, column: int) -> str:
    """Return a text as a block scalar, from its sign on."""
    sign = "|" if conf.endswith("\n") and not conf.endswith("\n\n") else "|+" if conf.endswith("\n") else "|-"
    indicator = f"{sign[0]}2{sign[1:]}" if conf.startswith((" ", "\n")) else sign
    lines = conf.removesuffix("\n").split("\n")
    return indicator + "\n" + "".join(f"{' ' * (column + 2)}{line}\n" if line else "\n" for line in lines)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
