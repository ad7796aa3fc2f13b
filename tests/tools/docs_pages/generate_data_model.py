# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/data_model.md from the schema that the data model is checked by, and from docs/other_variables.yml.

With ``--check`` nothing is written; the exit status says whether the page is what would be written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from tools.docs_pages.made_page import ROOT, write_or_check

sys.path.insert(0, str(ROOT / ".cache"))

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent import schema
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.model import (
    CHAINS,
    NETWORKS,
    ROUTERS,
    SERVICES,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.reading import Key, Reader, keyed

TARGET = ROOT / "docs" / "data_model.md"
VARIABLES = ROOT / "docs" / "other_variables.yml"

INTRODUCTION = """\
<!-- Made by `make pages` from the schema in plugins/module_utils/chain and docs/other_variables.yml; edit these. -->
# The data model

Here is every variable that the playbooks take. Four of them say what is wanted; VRFs, steering terms, static routes,
policies and host routes follow from them.

```yaml
service_chain_networks:
  vn1: {subnets: [10.0.1.0/24], route_target: "64512:1"}
  vn2: {subnets: [10.0.2.0/24], route_target: "64512:2"}

service_chain_services:
  firewall:
    members: [{left: fw-left, right: fw-right}]

service_chain_routers:
  vmx1:
    filters: [{name: steering, interfaces: [ge-0/0/0.0]}]

service_chains:
  vn1-to-vn2:
    left: {network: vn1, external: [172.31.9.34/32]}
    right: {network: vn2, external: [172.31.8.198/32]}
    services: [firewall]
```

A bad value, an unknown key and a name that leads nowhere are reported with their path before anything is written. What
is left out, or null, has its default; without one it is left as it is on the systems. **Bold** keys are required.
[Several services, IPv6, several routers and more](scenarios.md) shows the model at work; `inventory/example` has it
with comments.
"""
ROOTS: Mapping[str, tuple[Reader[Any], str]] = {
    NETWORKS: (keyed(schema.read_network), "Virtual networks by name."),
    SERVICES: (keyed(schema.read_service), "Services by name. Each must stand in a chain."),
    ROUTERS: (keyed(schema.read_router), "Routers, named as in the inventory group `routers`."),
    CHAINS: (keyed(schema.read_chain), "Chains by name, which is the name of the policy."),
}
# Groups of docs/other_variables.yml with their headings.
GROUPS = {
    "connection": "How Contrail and OpenStack are reached",
    "objects": "What is made, and whose it is",
    "checks": "What is checked and predicted",
    "course": "How the site runs",
    "removal": "Removing chains",
    "adoption": "Adopting chains that stand",
}
AFTER = """
## Where routers are reached

A router is a host of the group `routers`. `ansible_host`, `ansible_port` (830 unless given), `ansible_user`,
`ansible_password` or `ansible_ssh_private_key_file`, `vmx_known_hosts_file` and `vmx_host_key_checking` say how;
[`vmx_vrf`](reference/vmx_vrf_module) has every option.

## Variables of the roles

Roles have variables of their own, such as `compute_prep_virt_type`, `vmx_gateway_commit` and
`chain_verify_timeout`. Set them in the inventory as well: [reference of the roles](reference/index), or
`ansible-doc -t role opencontrail.service_chain.vmx_gateway`.
"""


def page() -> str:
    """Return the whole page."""
    model = "".join(
        f"\n## {variable}\n\n{says}\n{''.join(tables(variable, reader, {}))}"
        for variable, (reader, says) in ROOTS.items()
    )
    groups: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(VARIABLES.read_text(encoding="utf-8"))
    others = "".join(f"\n### {GROUPS[name]}\n\n{playbook_table(group)}" for name, group in groups.items())
    return f"{INTRODUCTION}{model}\n## Other variables of the playbooks\n{others}{AFTER}"


def tables(path: str, reader: Reader[Any], shown: dict[int, str]) -> Iterator[str]:
    """Yield the table of every record that stands at or below ``path``, each with its heading.

    ``shown`` holds by identity the fields that have a table already, with its path.
    """
    if reader.item:
        yield from tables(path + reader.step, reader.item, shown)
    if reader.fields is None:
        return
    first = shown.setdefault(id(reader.fields), path)
    if first != path:
        yield f"\n### {path}\n\nThe same keys as `{first}`.\n"
        return
    yield f"\n### {path}\n\n{record_table(reader.fields)}"
    for key, field in reader.fields.items():
        yield from tables(f"{path}.{key}", field.read, shown)


def record_table(fields: Mapping[str, Key]) -> str:
    """Return the keys of a record as a table; those that cannot be carried out are only named."""
    rows = "".join(
        f"| {shown_key(key, field)} | {cell(field.read.takes)} | {default(field)} | {cell(field.says)} |\n"
        for key, field in fields.items()
        if not field.instead
    )
    note = "".join(
        f"\n`{key}` is refused; {field.instead}. {field.says}\n" for key, field in fields.items() if field.instead
    )
    return f"| key | value | default | |\n|---|---|---|---|\n{rows}{note}"


def shown_key(key: str, field: Key) -> str:
    """Return the key, in bold where it is required."""
    return f"**`{key}`**" if field.required else f"`{key}`"


def default(field: Key) -> str:
    """Return the default as YAML, or nothing where there is none or where the value's own keys have theirs."""
    if field.default is None or field.read.fields is not None:
        return ""
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{flow(field.default)}`"


def flow(value: Any) -> str:
    """Return a default as YAML in one line."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(flow, value))}]"
    return json.dumps(value) if isinstance(value, dict) or str(value).isdigit() else str(value)


def playbook_table(variables: Mapping[str, Mapping[str, str]]) -> str:
    """Return variables of docs/other_variables.yml as a table."""
    rows = "".join(
        f"| `{name}` | {cell(entry['type'])} | {in_code(entry.get('default', ''))} | {cell(entry['says'])} |\n"
        for name, entry in variables.items()
    )
    return f"| variable | value | default | |\n|---|---|---|---|\n{rows}"


def in_code(value: str) -> str:
    """Return a default in code marks; nothing stays nothing."""
    return f"`{value}`" if value else ""


def cell(text: str) -> str:
    """Return a text as the cell of a table."""
    return re.sub(r"\s+", " ", text.strip()).replace("|", "\\|")


def main() -> int:
    """Write the page, or with ``--check`` compare it."""
    return write_or_check(TARGET, page())


if __name__ == "__main__":
    raise SystemExit(main())
