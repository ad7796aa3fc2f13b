# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that does what no module of the collection should do, so that its two ways of running can be compared."""

from __future__ import annotations

import datetime
import json
import logging
import os
import sys
import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

RUNS: list[str] = []
"""What earlier runs in this process have left here."""


def main() -> None:
    """Do what is asked for, and tell what a module can see of its surroundings."""
    module = AnsibleModule(
        argument_spec={
            "acts": {"type": "list", "elements": "str", "default": []},
            "secret": {"type": "str", "no_log": True},
            "file": {"type": "path"},
            "old": {"type": "str", "removed_in_version": "99.0", "removed_from_collection": "opencontrail.service_chain"},
            "number": {"type": "int", "default": 1},
        },
        supports_check_mode="refuse" not in os.environ.get("OS_PROBE", ""),
    )
    RUNS.append("run")
    acts = module.params["acts"]
    result = {
        "directory": str(Path.cwd()),
        "environment": {name: value for name, value in os.environ.items() if name.startswith(("OS_", "PROBE_"))},
        "flags": {
            name: getattr(module, name)
            for name in ("check_mode", "_diff", "_verbosity", "_debug", "no_log", "_name", "_remote_tmp")
        },
        "internal": {
            name: getattr(module, name, None)
            for name in (
                "_syslog_facility",
                "_selinux_special_fs",
                "_shell",
                "_socket_path",
                "_string_conversion_action",
                "_keep_remote_files",
                "_tmpdir",
                "ansible_version",
                "_target_log_info",
            )
        },
        "umask": _umask(),
        "interpreter": sys.executable,
    }
    if "warn" in acts:
        module.warn("look out")
        module.warn("look out again")
    if "deprecate" in acts:
        module.deprecate("this is old", version="99.0", collection_name="opencontrail.service_chain")
    if "print" in acts:
        sys.stdout.write("said before the result\n")
        sys.stderr.write("complained\n")
    if "log" in acts:
        logging.getLogger("some.library").warning("logged %s", module.params["secret"])
        logging.getLogger("some.library").info("logged in detail %s", module.params["secret"])
        module.log("to the system's log")
    if "leave" in acts:
        os.environ["PROBE_LEFT"] = "yes"
        os.environ.pop("OS_PROBE", None)
        os.chdir("/")
    if "values" in acts:
        result["values"] = {
            "bytes": b"caf\xc3\xa9",
            "set": {1},
            "tuple": (1, "two"),
            "day": datetime.date(2026, 1, 2),
            "moment": datetime.datetime(2026, 1, 2, 3, 4, 5),
            "text": "\u2713 {{ not a template }} \x1b[31m",
            "big": 2**70,
            3: {None: "keys", True: 1.5},
            "secret in": f"a {module.params['secret']} b",
        }
        result["ansible_facts"] = {"probe": module.params["secret"]}
        result["stdout"] = "two\nlines"
        result["results"] = "not a list"
        result["_ansible_internal"] = 1
    if "surrogate" in acts:
        result["alone"] = "\udcff"
    if "raise" in acts:
        raise KeyError(f"nobody caught {module.params['number']}")
    if "raise from" in acts:
        try:
            json.loads("{")
        except ValueError as error:
            raise RuntimeError("it went wrong") from error
    if "fail" in acts:
        module.fail_json(msg=f"no {module.params['secret']}", changed=True, more=[1])
    if "fail in except" in acts:
        try:
            json.loads("{")
        except ValueError as error:
            module.fail_json(msg=f"cannot read: {error}", exception=error)
    if "exit" in acts:
        sys.exit(3)
    if "exit with words" in acts:
        sys.exit("out of here")
    if "exit quietly" in acts:
        sys.exit()
    if "return" in acts:
        return
    if "half" in acts:
        sys.stdout.write('{"changed": tru')
        sys.exit(0)
    if "sleep" in acts:
        time.sleep(60)
    module.exit_json(changed=True, diff={"before": "a\n", "after": "b\n"}, **result)


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


if __name__ == "__main__":
    main()
