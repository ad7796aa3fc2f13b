# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that does what no module of the collection does, so that its two ways of running can be compared."""

from __future__ import annotations

import datetime
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

RUNS: list[str] = []
"""What earlier runs in this process have left here."""

PARTS = (
    "check_mode",
    "_diff",
    "_verbosity",
    "_debug",
    "no_log",
    "_name",
    "_remote_tmp",
    "_syslog_facility",
    "_selinux_special_fs",
    "_shell",
    "_socket_path",
    "_string_conversion_action",
    "_keep_remote_files",
    "_tmpdir",
    "ansible_version",
    "_target_log_info",
    "_ignore_unknown_opts",
)


def main() -> None:
    """Do what is asked for, and tell what a module can see of its surroundings."""
    module = AnsibleModule(
        argument_spec={
            "acts": {"type": "list", "elements": "str", "default": []},
            "secret": {"type": "str", "no_log": True},
            "file": {"type": "path"},
            "old": {
                "type": "str",
                "removed_in_version": "99.0.0",
                "removed_from_collection": "opencontrail.service_chain",
            },
            "number": {"type": "int", "default": 1},
        },
        supports_check_mode=not os.environ.get("OS_WITHOUT_CHECK_MODE"),
    )
    RUNS.append("run")
    result: dict[str, Any] = {
        "directory": str(Path.cwd()),
        "environment": {name: value for name, value in os.environ.items() if name.startswith(("OS_", "PROBE_"))},
        "parts": {name: getattr(module, name, None) for name in PARTS},
        "umask": _umask(),
        "interpreter": sys.executable,
        "started as a program": __name__ == "__main__",
        "runs": len(RUNS),
    }
    for act in module.params["acts"]:
        if act == "return":
            return
        result.update(ACTS[act](module) or {})
    module.exit_json(changed=True, diff={"before": "a\n", "after": "b\n"}, **result)


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def _warn(module: AnsibleModule) -> None:
    module.warn("look out")
    module.warn("look out again")


def _deprecate(module: AnsibleModule) -> None:
    module.deprecate("this is old", version="99.0.0", collection_name="opencontrail.service_chain")


def _print(_module: AnsibleModule) -> None:
    sys.stdout.write("said before the result\n")
    sys.stderr.write("complained\n")


def _log(module: AnsibleModule) -> None:
    logging.getLogger("some.library").warning("logged %s", module.params["secret"])
    logging.getLogger("some.library").info("logged in detail %s", module.params["secret"])
    module.log("to the log of the system")


def _leave(_module: AnsibleModule) -> None:
    os.environ["PROBE_LEFT"] = "yes"
    os.environ.pop("OS_PROBE", None)
    os.chdir("/")


def _values(module: AnsibleModule) -> dict[str, Any]:
    return {
        "values": {
            "bytes": b"caf\xc3\xa9",
            "set": {1},
            "tuple": (1, "two"),
            "day": datetime.date(2026, 1, 2),
            "moment": datetime.datetime(2026, 1, 2, 3, 4, 5),
            "text": "\u2713 {{ not a template }} \x1b[31m",
            "big": 2**70,
            3: {None: "keys", True: 1.5},
            "secret in": f"a {module.params['secret']} b",
        },
        "ansible_facts": {"probe": module.params["secret"]},
        "stdout": "two\nlines",
        "results": "not a list",
        "_ansible_internal": 1,
    }


def _half_a_character(_module: AnsibleModule) -> dict[str, Any]:
    return {"text": "\udcff"}


def _raise(module: AnsibleModule) -> None:
    raise KeyError(f"nobody caught {module.params['number']}")


def _raise_from(_module: AnsibleModule) -> None:
    try:
        json.loads("{")
    except ValueError as error:
        raise RuntimeError("it went wrong") from error


def _fail(module: AnsibleModule) -> None:
    module.fail_json(msg=f"no {module.params['secret']}", changed=True, more=[1])


def _fail_in_except(module: AnsibleModule) -> None:
    try:
        json.loads("{")
    except ValueError as error:
        module.fail_json(msg=f"cannot read: {error}")


def _exit(_module: AnsibleModule) -> None:
    sys.exit(3)


def _exit_with_words(_module: AnsibleModule) -> None:
    sys.exit("out of here")


def _exit_quietly(_module: AnsibleModule) -> None:
    sys.exit()


def _half_a_result(_module: AnsibleModule) -> None:
    sys.stdout.write('{"changed": tru')
    sys.exit(0)


ACTS = {
    name.removeprefix("_").replace("_", " "): act
    for name, act in list(globals().items())
    if name.startswith("_") and getattr(act, "__module__", None) == __name__ and act is not _umask
}


if __name__ == "__main__":
    main()
