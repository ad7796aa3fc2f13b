# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test: no secret of the suite may show in what Ansible prints, in what pytest captures, in files of labs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import paramiko.transport
import pytest
from support.leaks import refuse_leaking_files, refuse_leaks

# Every process that tests start begins with the same imports; without kept bytecode each would compile them anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_communicate = subprocess.Popen.communicate


def _watched(process: subprocess.Popen[Any], *arguments: Any, **named: Any) -> tuple[Any, Any]:
    """Do what ``Popen.communicate`` does, and refuse secrets in what Ansible's commands have said."""
    said: tuple[Any, Any] = _communicate(process, *arguments, **named)
    given: Any = process.args
    command = [os.fsdecode(word) for word in (given if isinstance(given, (list, tuple)) else [given])]
    if any(Path(word).name.startswith("ansible") for word in command[:2]):
        for text in filter(None, said):
            shown = text if isinstance(text, str) else text.decode("utf-8", "replace")
            refuse_leaks(shown, f"what {command[0]} says")
    return said


@pytest.fixture(scope="session", autouse=True)
def watched_commands() -> Generator[None]:
    """Watch all commands that tests run, whichever way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "communicate", _watched)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_logins() -> Generator[None]:
    """Let paramiko look more often than each 0.1 s whether a login may begin; tests log in a thousand times."""
    clock = SimpleNamespace(time=time.time, sleep=lambda seconds: time.sleep(min(seconds, 0.002)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paramiko.transport, "time", clock)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test fail whose captured output or log shows a secret."""
    report = yield
    if report.passed:
        try:
            for title, text in report.sections:
                refuse_leaks(text, title)
        except AssertionError as leak:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: {leak}"
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the session fail when a lab that was run in it has left a secret in its files."""
    if hasattr(session.config, "workerinput"):  # the process that leads the others looks at the files of all
        return
    base = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    for ready in sorted(base.rglob("ready.json")):
        try:
            refuse_leaking_files(ready.parent)
        except AssertionError as leak:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            reporter = session.config.pluginmanager.get_plugin("terminalreporter")
            if reporter is not None:
                reporter.write_line(f"FAILED {leak}", red=True)
