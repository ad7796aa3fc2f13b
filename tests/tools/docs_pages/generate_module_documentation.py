# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the ``options:`` of the modules' documentation, and what they return alike.

Types, choices, defaults and the like come from the argument spec, descriptions from the declarations. An option that no
field declares keeps the description that it has in the file. What several modules return is in return_values.yml.
With ``--check`` nothing is written; the exit status says whether all files are what would be written.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import yaml
from ansible.module_utils.basic import AnsibleModule
from tools.docs_pages.made_page import ROOT, write_or_check

sys.path.insert(0, str(ROOT / ".cache"))

from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.codec import Codec
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.codec.field import (
    Field,
    Record,
    Records,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.contrail.kinds.entity import (
    UNSET,
    Entity,
    ReferenceField,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.field import below, descriptions
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.filter import (
    FILTER_TEXTS,
    PLACE_TEXTS,
    TERM_TEXTS,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.peering import (
    GROUP_FIELDS,
    ROUTER_FIELDS,
    TUNNEL_FIELDS,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.model.vrf import VRF_FIELDS

PLUGINS = "ansible_collections.opencontrail.service_chain.plugins"
MODULES = ROOT / "plugins" / "modules"
RETURNED = Path(__file__).with_name("return_values.yml")
WIDTH = 110
"""Characters of a line of text, its indentation among them."""

FROM_SPEC = ("type", "elements", "choices", "required", "default", "aliases")
"""What an argument spec says of an option besides its suboptions, in the order of the documentation."""

NOT_REQUIRED = {"required": False}
"""What need not be said."""

NESTED = ("suboptions", "contains")
"""What holds options, or returned values, in an option or value."""

Texts = Mapping[str, str]
"""Descriptions by the path of the option, as in ``config.subnets.cidr``; each line is a paragraph."""

Option = dict[str, Any]

OF_ROUTERS: Mapping[str, Texts] = {
    "vmx_vrf": {
        **below("config", descriptions(VRF_FIELDS)),
        **below("config.steering", TERM_TEXTS),
        **below("filters", FILTER_TEXTS),
        **below("keep_existing_terms", PLACE_TEXTS),
        **below("roll_back_steering.terms", PLACE_TEXTS),
    },
    "vmx_peering": {
        **below("config", descriptions(GROUP_FIELDS)),
        **below("config.tunnels", descriptions(TUNNEL_FIELDS)),
        **below("router", descriptions(ROUTER_FIELDS)),
    },
}
"""What the declarations of routers say of the options of a module."""


class DescriptionError(Exception):
    """An option without a description."""


class _SpecError(Exception):
    """Carries the argument spec of a module out of its ``main``."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        super().__init__("argument spec")
        self.spec = spec


def module_names() -> list[str]:
    """Return the modules of the collection; what an action does alone has no argument spec in its module."""
    return sorted(path.stem for path in MODULES.glob("[!_]*.py") if "def main()" in path.read_text(encoding="utf-8"))


def imported(name: str) -> ModuleType:
    """Return a module of the collection as Python's module."""
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


def argument_spec(module: ModuleType) -> Mapping[str, Any]:
    """Return the argument spec that a module gives to Ansible."""

    def stop(_self: AnsibleModule, argument_spec: Mapping[str, Any], *_args: Any, **_kwargs: Any) -> None:
        raise _SpecError(argument_spec)

    with patch.object(AnsibleModule, "__init__", stop):
        try:
            module.main()
        except _SpecError as found:
            return found.spec
    raise AssertionError(f"{module.__name__} read no options")


def declared_texts(module: ModuleType) -> Texts:
    """Return what declarations say of a module's options."""
    kinds = [value for value in vars(module).values() if isinstance(value, Entity)]
    of_kinds = dict(pair for kind in kinds for pair in entity_texts(kind))
    return {**of_kinds, **OF_ROUTERS.get(module.__name__.rpartition(".")[2], {})}


def entity_texts(entity: Entity) -> Iterator[tuple[str, str]]:
    """Yield what a kind of Contrail object says of ``config``."""
    yield "config", entity.description
    yield "config.name", entity.named
    yield from field_texts(entity.options, "config")
    yield "config.unset", UNSET


def field_texts(fields: Iterable[Field | ReferenceField], above: str) -> Iterator[tuple[str, str]]:
    """Yield what fields say of their options, and of those inside."""
    for field in fields:
        if field.internal:
            continue
        path = f"{above}.{field.option}"
        yield path, field.description
        if isinstance(field, Field):
            yield from field_texts(members(field.codec), path)
        elif field.attr is not None:
            yield f"{path}.name", field.named
            yield from field_texts(field.attr.fields, path)


def members(codec: Codec) -> tuple[Field, ...]:
    """Return the fields of a record, or of the records of a list."""
    record = codec.record if isinstance(codec, Records) else codec
    return record.fields if isinstance(record, Record) else ()


def documented(
    spec: Mapping[str, Any], texts: Texts, before: Mapping[str, Option], path: str = ""
) -> dict[str, Option]:
    """Return the documentation of options.

    ``before`` is today's, whose descriptions stand where no declaration has one. Raises DescriptionError.
    """
    return {name: _option(each, texts, before.get(name) or {}, path + name) for name, each in spec.items()}


def _option(spec: Mapping[str, Any], texts: Texts, before: Option, path: str) -> Option:
    description = texts[path].split("\n") if texts.get(path) else _paragraphs(before.get("description") or [])
    if not description:
        raise DescriptionError(f"{path} has no description; give its field one")
    option: Option = {"description": description, "type": "str"}
    option.update(
        {key: spec[key] for key in FROM_SPEC if spec.get(key) is not None and spec[key] != NOT_REQUIRED.get(key)}
    )
    option.update({key: value for key, value in before.items() if key not in (*FROM_SPEC, "description", "suboptions")})
    if spec.get("options"):
        option["suboptions"] = documented(spec["options"], texts, before.get("suboptions") or {}, f"{path}.")
    return option


def as_yaml(options: Mapping[str, Option], indent: int) -> Iterator[str]:
    """Yield the lines of options."""
    blank = " " * indent
    for name, option in options.items():
        yield f"{blank}{name}:"
        for key, value in option.items():
            if key == "description":
                yield from described(value, indent + 2)
            elif key in NESTED:
                yield f"{blank}  {key}:"
                yield from as_yaml(value, indent + 4)
            else:
                yield from wrapped(f"{key}: {_alone(value)}", f"{blank}  ", f"{blank}    ")


def described(paragraphs: Sequence[str], indent: int) -> Iterator[str]:
    """Yield the lines of a description."""
    blank = " " * indent
    only = f"{blank}description: {scalar(paragraphs[0])}"
    if len(paragraphs) == 1 and len(only) <= WIDTH:
        yield only
        return
    yield f"{blank}description:"
    for paragraph in paragraphs:
        yield from wrapped(scalar(paragraph), f"{blank}  - ", f"{blank}    ")


def wrapped(text: str, first: str, others: str) -> list[str]:
    """Return a text in lines, with what the first and the other lines begin with."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def scalar(value: str) -> str:
    """Return a text as it can stand in YAML, plain where that is possible."""
    return value if _reads_as(f"- {value}", value) else "'" + value.replace("'", "''") + "'"


def flow(value: Any) -> str:
    """Return a value as YAML in one line."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(flow, value))}]"
    plain = isinstance(value, str) and re.fullmatch(r"\w[\w./-]*", value) and _reads_as(f"[{value}]", value)
    return str(value) if plain else json.dumps(value)


def _alone(value: Any) -> str:
    """Return a value as it stands behind its key; words need no quotes there."""
    return scalar(value) if isinstance(value, str) and re.fullmatch(r"[\w ,./-]+", value) else flow(value)


def _reads_as(text: str, value: str) -> bool:
    """Tell whether YAML takes a list for one of this text alone."""
    try:
        return bool(yaml.safe_load(text) == [value])
    except (yaml.YAMLError, ValueError):
        return False


def with_options(source: str, spec: Mapping[str, Any], texts: Texts) -> str:
    """Return a module's source with the ``options:`` of its documentation made anew."""
    found = re.search(r'(?ms)^DOCUMENTATION = r"""\n(?P<text>.*?)^"""', source)
    assert found is not None
    documentation = yaml.safe_load(found["text"])
    before = documentation.get("options") or {}
    own = [name for name in spec if name in before or name in texts]
    order = [*before, *(name for name in own if name not in before)]
    after = documented({name: spec[name] for name in order}, texts, before)
    lines = "\n".join(["options:", *as_yaml(after, 2), ""])
    text = re.sub(r"(?m)^options:\n(?:[ ][^\n]*\n|\n)*", lambda _: lines, found["text"]) if after else found["text"]
    read = yaml.safe_load(text)
    assert _same(read.get("options") or {}, after), "what was written reads otherwise"
    assert {**read, "options": None} == {**documentation, "options": None}
    return source[: found.start("text")] + text + source[found.end("text") :]


def with_returned(source: str, shared: Mapping[str, Option]) -> str:
    """Return a module's source with the values that it shares with others made anew in its RETURN.

    Samples, and values that are the module's own, stay as they are.
    """
    found = re.search(r'(?ms)^RETURN = r"""\n(?P<text>.*?)^"""', source)
    assert found is not None
    blocks = {text.partition(":")[0]: text for text in re.split(r"(?m)^(?=\w)", found["text"]) if text}
    for name, value in shared.items():
        made = [f"{line}\n" for line in as_yaml({name: value}, 0)]
        blocks[name] = "".join(_with_samples(made, samples(blocks.get(name, ""))))
    text = "".join(blocks.values())
    assert list(yaml.safe_load(text) or {}) == list(blocks)
    return source[: found.start("text")] + text + source[found.end("text") :]


def samples(block: str) -> dict[str, list[str]]:
    """Return the lines of each sample in a returned value, by the name of the value that it is of."""
    found: dict[str, list[str]] = {}
    names: dict[int, str] = {}
    here: tuple[int, list[str]] | None = None
    for line in block.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        if here is not None and indent > here[0]:
            here[1].append(line)
            continue
        key = line.strip().partition(":")[0]
        here = (indent, [line]) if key == "sample" else None
        if here is not None:
            found[names[indent - 2]] = here[1]
        names[indent] = key
    return found


def _with_samples(lines: Sequence[str], of_names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a returned value, each sample behind the other keys of its value, before what is inside."""
    waiting: list[tuple[int, Sequence[str]]] = []
    for line in [*lines, ""]:
        indent = len(line) - len(line.lstrip())
        while waiting and (indent < waiting[-1][0] or line.strip() == "contains:"):
            yield from waiting.pop()[1]
        yield line
        name = line.strip().removesuffix(":")
        if name in of_names:
            waiting.append((indent + 2, of_names[name]))


def shared_values(name: str, module: ModuleType | None) -> dict[str, Option]:
    """Return what a module returns as others do."""
    groups: dict[str, Any] = yaml.safe_load(RETURNED.read_text(encoding="utf-8"))
    kinds = [value for value in vars(module or ModuleType("none")).values() if isinstance(value, Entity)]
    mine = [group for key, group in groups.items() if name in group["modules"] or (kinds and key == "objects")]
    return {key: _value(value) for group in mine for key, value in group["values"].items()}


def _value(value: Option) -> Option:
    inside = {key: _value(each) for key, each in value.get("contains", {}).items()}
    return {**value, "description": _paragraphs(value["description"]), **({"contains": inside} if inside else {})}


def _same(read: Mapping[str, Option], meant: Mapping[str, Option]) -> bool:
    """Tell whether options read as they were meant; a description of one paragraph may stand in a list."""
    return list(read) == list(meant) and all(
        _paragraphs(read[name]["description"]) == option["description"]
        and _same(read[name].get("suboptions") or {}, option.get("suboptions") or {})
        and {**read[name], "description": "", "suboptions": {}} == {**option, "description": "", "suboptions": {}}
        for name, option in meant.items()
    )


def _paragraphs(description: str | list[str]) -> list[str]:
    return [description] if isinstance(description, str) else description


def pages() -> Iterator[tuple[Path, str]]:
    """Yield the file of each module with what is to be in it."""
    for path in sorted(MODULES.glob("[!_]*.py")):
        source, module = path.read_text(encoding="utf-8"), None
        if path.stem in module_names():
            module = imported(path.stem)
            source = with_options(source, argument_spec(module), declared_texts(module))
        yield path, with_returned(source, shared_values(path.stem, module))


def main() -> int:
    """Write the files, or with ``--check`` compare them."""
    return max(write_or_check(path, text) for path, text in pages())


if __name__ == "__main__":
    raise SystemExit(main())
