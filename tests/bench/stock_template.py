# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module ``config`` of juniper.device does with a template: PyEZ renders, loads, compares and commits it.

Run it with the port and a file of variables in JSON, and the login in VMX_USER and VMX_PASSWORD; it prints whether it
changed something.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from jinja2 import Template
from jnpr.junos import Device
from jnpr.junos.utils.config import Config

TEMPLATE = """
<configuration>
  <firewall><family><inet><filter><name>{{ filter }}</name>
  {% for vrf in vrfs %}
    <term><name>{{ vrf.steering[0].name }}</name>
      <from><source-address><name>{{ vrf.steering[0].source[0] }}</name></source-address></from>
      <then><routing-instance><routing-instance-name>{{ vrf.name }}</routing-instance-name></routing-instance></then>
    </term>
  {% endfor %}
    <term><name>default-term</name><then><accept/></then></term>
  </filter></inet></family></firewall>
  <routing-instances>
  {% for vrf in vrfs %}
    <instance><name>{{ vrf.name }}</name><instance-type>vrf</instance-type>
      <vrf-target><community>target:{{ vrf.route_target }}</community></vrf-target>
      <vrf-table-label/>
      <routing-options>
        <static><route><name>{{ vrf.static_routes[0].prefix }}</name><next-table>inet.0</next-table></route></static>
        <auto-export><family><inet><unicast/></inet></family></auto-export>
      </routing-options>
    </instance>
  {% endfor %}
  </routing-instances>
</configuration>
"""


def main() -> None:
    """Bring the router to the template, as juniper.device does it with ``diff``, ``check`` and ``commit``."""
    variables = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    with Device(
        host="127.0.0.1", port=int(sys.argv[1]), user=os.environ["VMX_USER"], passwd=os.environ["VMX_PASSWORD"]
    ) as device:
        change = Config(device)
        change.lock()
        change.load(Template(TEMPLATE).render(variables), format="xml", merge=True)
        differs = change.diff() is not None
        if differs:
            change.commit_check()
            change.commit()
        change.unlock()
    print(differs)


if __name__ == "__main__":
    main()
