# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module's main function in the process that calls it, as if it had a process of its own.

It does what Ansible's AnsiballZ wrapper does around a module: the arguments are JSON, the result is what the module
prints, and an exception that nobody caught is reported as this ansible-core reports it. What the module could leave
behind (environment, working directory, warnings, log handlers) is put back afterwards.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from ansible import release
from ansible.module_utils import basic
from ansible.module_utils.common import json as wire
from ansible.module_utils.common import warnings

try:  # ansible-core 2.19 and newer
    from ansible.executor.module_common import _BuiltModule as BuiltModule
    from ansible.module_utils import _internal as internal
    from ansible.module_utils._internal._ansiballz import _loader as loader
except ImportError:
    loader = None

NEWEST_CORE = (2, 21)
"""The newest ansible-core that this is tested with; what it uses is not part of Ansible's public interface."""

PROFILE = "legacy"
"""How ansible-core 2.19 and newer write the arguments and results of modules that do not say otherwise."""


def is_supported() -> bool:
    """Return whether the ansible-core that runs is one that this is tested with."""
    return tuple(int(part) for part in release.__version__.split(".")[:2]) <= NEWEST_CORE


def built(arguments: Mapping[str, Any], path: str) -> Any:
    """Return what ``ActionBase._configure_module`` does, with arguments only in the place of code with arguments."""
    given = {"ANSIBLE_MODULE_ARGS": arguments}
    shebang = f"#!{sys.executable}"
    if loader is None:
        return "new", shebang, json.dumps(given, cls=wire.AnsibleJSONEncoder, vault_to_text=True).encode(), path
    encoded = json.dumps(given, cls=wire.get_module_encoder(PROFILE, wire.Direction.CONTROLLER_TO_MODULE)).encode()
    return BuiltModule(b_module_data=encoded, module_style="new", shebang=shebang, serialization_profile=PROFILE), path


def carry_out(
    main: Callable[[], None], arguments: bytes, environment: Mapping[str, str], directory: str
) -> dict[str, Any]:
    """Run ``main`` with arguments of :func:`built`; returns what ``ActionBase._low_level_execute_command`` returns."""
    out, err = io.StringIO(), io.StringIO()
    with ExitStack() as undo:
        for isolation in (
            redirect_stdout(out),
            redirect_stderr(err),
            _given(arguments),
            _own_log(),
            _own_surroundings(environment, directory),
        ):
            undo.enter_context(isolation)
        status = _status(main)
    said, complained = out.getvalue(), err.getvalue()
    return {
        "rc": status,
        "stdout": said,
        "stdout_lines": said.splitlines(),
        "stderr": complained,
        "stderr_lines": complained.splitlines(),
    }


def _status(main: Callable[[], None]) -> int:
    """Run ``main`` and return its exit status. A task's timeout and an interrupt are no business of the module."""
    try:
        main()
        _report(RuntimeError("New-style module did not handle its own exit."))
    except SystemExit as leaving:
        return _code(leaving)
    except Exception as error:
        try:
            _report(error)
        except SystemExit as leaving:
            return _code(leaving)
    return 1


def _report(error: Exception) -> None:
    """Say as the wrapper does that a module ended in an exception, or without a result."""
    if loader is not None:
        loader._handle_exception(error, PROFILE)  # which exits
    elif error.__traceback__ is None:
        sys.stdout.write('{"msg": "New-style module did not handle its own exit", "failed": true}\n')
    else:
        traceback.print_exception(error)


def _code(leaving: SystemExit) -> int:
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    sys.stderr.write(f"{leaving.code}\n")
    return 1


@contextmanager
def _given(arguments: bytes) -> Iterator[None]:
    """Hand over the arguments, and let ansible.module_utils behave as in a module: warnings belong to the result."""
    unused = {name: type(getattr(warnings, name))() for name in ("_global_warnings", "_global_deprecations")}
    with ExitStack() as undo:
        undo.enter_context(_replaced(warnings, **unused))
        undo.enter_context(_replaced(basic, _ANSIBLE_ARGS=arguments))
        if loader is not None:
            undo.enter_context(_replaced(basic, _ANSIBLE_PROFILE=PROFILE))
            undo.enter_context(_replaced(internal, is_controller=False))
        yield


@contextmanager
def _replaced(owner: object, **values: Any) -> Iterator[None]:
    before = {name: getattr(owner, name) for name in values}
    try:
        for name, value in values.items():
            setattr(owner, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


@contextmanager
def _own_log() -> Iterator[None]:
    """Keep what libraries log out of ansible-playbook's own log (``log_path``), where it could show secrets."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.WARNING)
    try:
        with _replaced(root, handlers=[]):
            yield
    finally:
        root.setLevel(level)


@contextmanager
def _own_surroundings(environment: Mapping[str, str], directory: str) -> Iterator[None]:
    """Be in a directory, with variables added to the environment."""
    before = dict(os.environ)
    place = os.open(".", os.O_RDONLY)
    try:
        os.environ.update({name: str(value) for name, value in environment.items()})
        os.chdir(directory)
        yield
    finally:
        os.fchdir(place)
        os.close(place)
        if dict(os.environ) != before:
            os.environ.clear()
            os.environ.update(before)
