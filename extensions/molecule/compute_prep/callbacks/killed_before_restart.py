# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill ansible-playbook, as a power cut would, when everything is written and nothing is restarted yet."""

from __future__ import annotations

import os
import re
import signal

from ansible.playbook.task import Task
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: killed_before_restart
type: aggregate
short_description: Kill the run where a restart begins
description: What a role has written before is there; what it would restart is not restarted.
"""


class CallbackModule(CallbackBase):
    """Watches for the first task or handler that restarts something, by its name."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "killed_before_restart"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task: Task, is_conditional: bool) -> None:
        """End at once, without any cleaning up."""
        if re.match("(restart|recreate)", task.name, re.IGNORECASE):
            os.kill(os.getpid(), signal.SIGKILL)

    def v2_playbook_on_handler_task_start(self, task: Task) -> None:
        """Watch handlers as well."""
        self.v2_playbook_on_task_start(task, is_conditional=False)
