# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A NETCONF session with a router, over PyEZ: one method for each exchange, every failure one line.

Host keys are verified before anything secret is sent. A session that ends, in whatever way, first rolls back
what it loaded and gives back the lock that it took.
"""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from ansible_collections.opencontrail.service_chain.plugins.module_utils.temporary import temporary_directory
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx import xml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.operational import (
    Commit,
    current_time,
    parse_commits,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.statement import Statement
from ansible_collections.opencontrail.service_chain.plugins.module_utils.vmx.xml import Element, element

try:
    import ncclient.transport.session
    import paramiko
    from jnpr.junos import Device
    from jnpr.junos.exception import (
        ConnectAuthError,
        ConnectClosedError,
        ConnectError,
        ConnectRefusedError,
        ConnectTimeoutError,
        ConnectUnknownHostError,
        RpcError,
        RpcTimeoutError,
    )
    from jnpr.junos.exception import PermissionError as RpcPermissionError

    PYEZ_IMPORT_ERROR = None
except ImportError:
    PYEZ_IMPORT_ERROR = traceback.format_exc()

POLL_SECONDS = 0.001
"""How often ncclient looks for a reply; its own 0.1 s would be the cost of every request."""

LOCK_RETRY_SECONDS = 1.0
CLOSE_SECONDS = 5
"""How long a session waits for the reply to its end; then it hangs up, which is an end as well."""

LOCKED = re.compile(r"locked by:?\s*(.*?)\s*(?:exclusive\b.*)?$")
"""What a router says while somebody else holds the configuration lock, with who that is."""

NOT_MADE = re.compile(r"\bis protected\b|cannot be (?:changed|modified|deleted|renamed|moved)|was not (?:made|changed)")
"""What a router says in a warning where it leaves out a part of what is loaded, and takes the rest."""

HOST_KEY_FILES = ("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts")
SSH_CONFIG = "~/.ssh/config"

PyezDevice: TypeAlias = Any


class RouterError(Exception):
    """A router, or the way to it, said no; the text is one line that names the router and what was attempted."""


class LockedError(RouterError):
    """Somebody else holds the configuration lock."""


class DirtyError(RouterError):
    """Somebody's uncommitted changes lie in the candidate configuration."""


class NoReplyError(RouterError):
    """A request was sent and its reply never came: it may have been carried out."""


@dataclass(frozen=True)
class Connection:
    """Where a router is and how to log in; ``timeout`` (of one request) and ``connect_timeout`` are in seconds."""

    host: str
    port: int = 830
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ssh_private_key_file: str | None = None
    known_hosts_file: str | None = None
    host_key_checking: bool = True
    timeout: int = 120
    connect_timeout: int = 30

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def open_device(connection: Connection) -> PyezDevice:
    """Open a PyEZ device that has gathered no facts; raises :class:`RouterError`."""
    ncclient.transport.session.TICK = POLL_SECONDS
    with temporary_directory("vmx-ssh") as directory:
        try:
            device = Device(
                host=f"[{connection.host}]" if ":" in connection.host else connection.host,
                port=connection.port,
                user=connection.user,
                password=connection.password,
                ssh_private_key_file=_expanded(connection.ssh_private_key_file),
                ssh_config=str(_write_ssh_files(connection, directory)),
                hostkey_verify=connection.host_key_checking,
                look_for_keys=not (connection.password or connection.ssh_private_key_file),
                conn_open_timeout=connection.connect_timeout,
                gather_facts=False,
                normalize=False,
            )
            if connection.host_key_checking and not getattr(device, "_hostkey_verify", False):
                raise RouterError(
                    f"cannot connect to router {connection}: the installed junos-eznc cannot verify host keys;"
                    " install junos-eznc 2.7.4 or later"
                )
            device.open(gather_facts=False, normalize=False)
        except (ConnectError, ValueError, OSError, paramiko.SSHException) as error:
            raise RouterError(
                f"cannot connect to router {connection}: {_why_not_connected(connection, error)}"
            ) from None
    device.timeout = connection.timeout
    return device


def _expanded(path: str | None) -> str | None:
    return str(Path(path).expanduser()) if path else None


def _write_ssh_files(connection: Connection, directory: Path) -> Path:
    """Write the client configuration for one connection and return its path.

    The options of the connection stand first and so win over the user's own configuration, which follows and
    still gives proxy commands, aliases and identities. The trusted host keys are copied into one file, the
    only form ncclient takes.
    """
    own = Path(SSH_CONFIG).expanduser()
    inherited = own.read_text(encoding="utf-8") if own.is_file() else ""
    refuse_proxy_jump(connection, inherited)
    lines = ["Host *", f"  Port {connection.port}"]
    if ":" in connection.host:  # PyEZ takes an IPv6 address in brackets only, the socket below only without
        lines.append(f"  HostName {connection.host}")
    if connection.host_key_checking:
        known = directory / "known_hosts"
        files = [one for one in known_hosts_files(connection, inherited) if one.is_file()]
        if connection.known_hosts_file and not files:
            raise RouterError(
                f"cannot connect to router {connection}: known_hosts_file {connection.known_hosts_file} does not"
                f" exist; make it with ssh-keyscan -p {connection.port} {connection.host}, and compare the key"
            )
        known.write_text("\n".join(one.read_text(encoding="utf-8") for one in files), encoding="utf-8")
        lines.append(f"  UserKnownHostsFile {known}")
    config = directory / "config"
    config.write_text("\n".join([*lines, inherited, ""]), encoding="utf-8")
    return config


def refuse_proxy_jump(connection: Connection, ssh_config: str) -> None:
    """Raise where the user's configuration wants a ProxyJump: the library would overlook it and go directly."""
    found = paramiko.SSHConfig.from_text(ssh_config).lookup(connection.host)
    jump = found.get("proxyjump", "none")
    if jump != "none" and "proxycommand" not in found:
        raise RouterError(
            f"cannot connect to router {connection}: ProxyJump {jump} of {SSH_CONFIG} is not followed;"
            f" write it as ProxyCommand ssh -W %h:%p {jump}"
        )


def known_hosts_files(connection: Connection, ssh_config: str) -> list[Path]:
    """Return the files with trusted host keys: the option's, those of the user's configuration, or the usual ones."""
    if connection.known_hosts_file:
        return [Path(connection.known_hosts_file).expanduser()]
    user = paramiko.SSHConfig.from_text(ssh_config).lookup(connection.host).get("userknownhostsfile", "").split()
    return [Path(one).expanduser() for one in ([*user, HOST_KEY_FILES[1]] if user else HOST_KEY_FILES)]


def _why_not_connected(connection: Connection, error: Exception) -> str:
    """Return the reason in one line without the password, and where there is one, the cure."""
    chain = list(_causes(error))
    text = " ".join(str(one) for one in chain)
    unknown = next((one for one in chain if type(one).__name__ == "SSHUnknownHostError"), None)
    if unknown is not None:
        reason = (
            f"its host key ({getattr(unknown, 'fingerprint', 'unknown')}) is not the one in"
            f" {connection.known_hosts_file or HOST_KEY_FILES[0]}, or none is there; compare it and add it"
            f" with ssh-keyscan -p {connection.port} {connection.host}"
        )
    elif isinstance(error, ConnectAuthError):
        reason = f"login of user {error.user} was refused with {_credentials(connection)}"
    elif isinstance(error, ConnectUnknownHostError):
        reason = "the name of the host is not known"
    elif "subsystem" in text:
        reason = "it does not serve NETCONF there; configure system services netconf ssh"
    elif isinstance(error, ConnectTimeoutError):
        reason = f"no answer within {connection.connect_timeout} s"
    elif isinstance(error, ConnectRefusedError) and "Could not open socket" in text:
        reason = "connection refused; is the port right, and system services netconf ssh configured?"
    else:
        reason = next((str(one) for one in reversed(chain) if str(one)), type(error).__name__)
    return _one_line(reason.replace(connection.password, "********") if connection.password else reason)


def _credentials(connection: Connection) -> str:
    if connection.ssh_private_key_file:
        return f"the key {connection.ssh_private_key_file}"
    if connection.password:
        return "the password"
    return "the keys of the agent and of ~/.ssh, as neither a password nor a key was given"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        original = getattr(error, "_orig", None)
        error = original if isinstance(original, BaseException) else error.__cause__ or error.__context__


def _one_line(text: str) -> str:
    return " ".join(text.split())


def tries_within(seconds: float) -> int:
    """Return how often to try something that is tried again every :data:`LOCK_RETRY_SECONDS`, at least once."""
    return max(1, int(seconds / LOCK_RETRY_SECONDS) + 1)


@dataclass
class Session:
    """An open session. ``rpcs`` names what was sent, ``warnings`` collects what the router only remarked."""

    connection: Connection
    device: PyezDevice
    sleep: Callable[[float], None] = time.sleep
    rpcs: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _locked: bool = False
    _private: bool = False
    _loaded: bool = False

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back, give the lock back, close; what fails here is a warning, for the work itself is done or lost."""
        try:
            if isinstance(error, NoReplyError):
                self.abandon()
            self._let_go()
        except RouterError as failure:
            self.warnings.append(str(failure))
        finally:
            self._close()

    def _let_go(self) -> None:
        """Undo what was not committed, then unlock.

        Where the candidate cannot be rolled back it must not be unlocked either: the end of a session that holds
        the lock does both, while unlocking alone would leave our edits to the next one who commits.
        """
        if self._loaded:
            self.discard()
        if self._private:
            self._private = False
            self.execute(element("close-configuration"), "close the private copy")
        if self._locked:
            self.unlock()

    def _close(self) -> None:
        self.device.timeout = CLOSE_SECONDS
        try:
            self.device.close()
        except Exception as error:  # the library raises anything on a dead transport
            self.warnings.append(f"closing the session with {self.connection}: {_one_line(str(error))}")
            self._hang_up()

    def _hang_up(self) -> None:
        """End the transport, which the library keeps open when the request to close got no reply."""
        transport = getattr(getattr(self.device, "_conn", None), "_session", None)
        if transport is not None:
            with suppress(Exception):
                transport.close()

    def abandon(self) -> None:
        """Leave everything to the end of the session: after a lost reply nothing more is to be said in it."""
        self._locked = self._private = self._loaded = False

    def source_address(self) -> str | None:
        """Return the address that this machine's end of the session has, None where it goes through a proxy command."""
        transport = getattr(getattr(self.device, "_conn", None), "_session", None)
        channel = getattr(getattr(transport, "transport", None), "sock", None)
        try:
            name = channel.getsockname() if channel is not None else None
        except (AttributeError, OSError):
            return None
        return str(name[0]) if isinstance(name, tuple) else None

    # --- exchanges ---

    def execute(self, rpc: Element, attempt: str) -> Element | None:
        """Send one request and return the reply's content, None where it is empty; ``attempt`` says what it is for.

        Raises :class:`NoReplyError` where nothing tells whether the request was carried out, and
        :class:`RouterError` where the router refused it.
        """
        self.rpcs.append(str(rpc.tag))
        failed = f"cannot {attempt} on router {self.connection}"
        try:
            reply = self.device.execute(rpc)
        except RpcTimeoutError:
            raise NoReplyError(f"{failed}: no reply within {self.connection.timeout} s") from None
        except ConnectClosedError:
            raise NoReplyError(f"{failed}: the router closed the connection") from None
        except RpcPermissionError as error:
            raise RouterError(
                f"{failed}: user {self.connection.user} lacks the permission ({_one_line(error.message or '')})"
            ) from None
        except RpcError as error:
            self._judge(_complaints_of(error), failed)
            return xml.content(error.rsp) if error.rsp is not None else None
        except Exception as error:  # what the libraries let through from sockets and parsers
            raise NoReplyError(f"{failed}: {type(error).__name__}: {_one_line(str(error))}") from None
        return None if reply is True or reply is None else reply

    def _change(self, rpc: Element, attempt: str) -> None:
        """Send a request whose success is silence, and look into the reply for what client libraries overlook."""
        reply = self.execute(rpc, attempt)
        if reply is not None:
            self._judge(xml.complaints(reply), f"cannot {attempt} on router {self.connection}")

    def _judge(self, complaints: Sequence[tuple[str, str]], failed: str) -> None:
        errors = [_one_line(message) for severity, message in complaints if severity != "warning"]
        if errors:
            raise RouterError(f"{failed}: {'; '.join(dict.fromkeys(errors))}")
        remarks = dict.fromkeys(_one_line(message) for _severity, message in complaints)
        self.warnings += [one for one in remarks if one not in self.warnings]

    def read_configuration(self, sections: Sequence[str], *, inherited: bool = False) -> Statement:
        """Return sections of the committed configuration, as written or (``inherited``) with groups applied.

        What a group gives carries the attribute ``group`` with its name.
        """
        request = element(
            "get-configuration",
            element("configuration", *(element(section) for section in sections)),
            database="committed",
            **({"inherit": "inherit", "groups": "groups"} if inherited else {}),
        )
        reply = self.execute(request, "read the configuration")
        return xml.to_statement(reply) if reply is not None else Statement("configuration")

    def ask(self, rpc: Element, attempt: str) -> dict[str, Any]:
        """Send an operational request and return the reply as plain data, empty where there is none."""
        reply = self.execute(rpc, attempt)
        return xml.to_data(reply) if reply is not None else {}

    def commits(self) -> list[Commit]:
        """Return the commit history, newest first."""
        return parse_commits(self.ask(element("get-commit-information"), "read the commit history"))

    def clock(self) -> str:
        """Return the router's own time, such as ``2026-01-31 12:00:00 UTC``; empty where it does not tell."""
        try:
            reply = self.ask(element("get-system-uptime-information"), "read the clock")
        except NoReplyError:
            raise
        except RouterError:
            return ""
        return current_time(reply)

    def are_equal(self, one: int, other: int) -> bool | None:
        """Return whether two configurations of the history (0: the newest) are the same, None where it is not told."""
        request = element(
            "get-rollback-information", element("rollback", text=str(one)), element("compare", text=str(other))
        )
        try:
            reply = self.execute(request, f"compare rollback {one} with {other}")
        except NoReplyError:
            raise
        except RouterError:
            return None
        found = reply.find(".//configuration-output") if reply is not None else None
        return not (found.text or "").strip() if found is not None else None

    def lock(self, timeout: float) -> None:
        """Take the exclusive lock, trying for ``timeout`` seconds while somebody else holds it.

        Raises :class:`LockedError` with the holder, and at once :class:`DirtyError` where uncommitted
        changes lie in the candidate: they are somebody's work.
        """
        failed = f"cannot lock the configuration of router {self.connection}"
        tries = tries_within(timeout)
        for attempt in range(tries):
            try:
                self._change(element("lock-configuration"), "lock the configuration")
            except RouterError as error:
                holder = LOCKED.search(str(error))
                if re.search(r"database modified", str(error)):
                    raise DirtyError(
                        f"{failed}: uncommitted changes lie in the candidate configuration;"
                        " whose they are must commit them or roll them back"
                    ) from None
                if holder is None:
                    raise
                if attempt == tries - 1:
                    raise LockedError(
                        f"{failed}: locked by {holder.group(1)}; tried for {timeout:g} s (lock_timeout)"
                    ) from None
                self.sleep(LOCK_RETRY_SECONDS)
            else:
                self._locked = True
                return

    def unlock(self) -> None:
        """Give the exclusive lock back; what is still in the candidate stays there."""
        self._locked = False
        self._change(element("unlock-configuration"), "unlock the configuration")

    def open_private(self) -> None:
        """Open a private copy of the configuration, to be thrown away with the session."""
        self._change(element("open-configuration", element("private")), "open a private copy of the configuration")
        self._private = True
        self.warnings = [one for one in self.warnings if "discarded on exit" not in one]

    def load(self, changes: Statement) -> None:
        """Merge a document of edits into the candidate."""
        self._loaded = True
        load = element("load-configuration", xml.to_element(changes), format="xml", action="merge")
        self._change(load, "load the changes")
        undone = [one for one in self.warnings if NOT_MADE.search(one)]
        if undone:
            raise RouterError(
                f"cannot load the changes on router {self.connection}: {'; '.join(undone)}. A part of the change was"
                " not made, so nothing is committed"
            )

    def load_rollback(self, number: int) -> None:
        """Fill the candidate with an earlier configuration: 0 is what is committed, 1 what was before it."""
        self._loaded = True
        request = element("load-configuration", compare="rollback", rollback=str(number))
        self._change(request, f"load rollback {number}")

    def difference(self) -> str:
        """Return ``show | compare`` of the candidate, empty where it equals what is committed."""
        request = element("get-configuration", compare="rollback", rollback="0", format="text")
        reply = self.execute(request, "compare the candidate")
        text = reply.findtext(".//configuration-output") if reply is not None else ""
        return (text or "").strip("\n")

    def check(self) -> None:
        """Have the router check the candidate; this also confirms a confirmed commit that is pending."""
        self._change(element("commit-configuration", element("check")), "check the changes (commit check)")

    def commit(self, log: str, *, confirmed: int | None = None, synchronize: bool = False, full: bool = False) -> None:
        """Commit the candidate.

        ``confirmed`` is the number of minutes until the router takes it back by itself, ``synchronize`` commits on
        both routing engines, ``full`` has every daemon evaluate the whole configuration.
        """
        parts = [element("log", text=log)]
        if confirmed is not None:
            parts += [element("confirmed"), element("confirm-timeout", text=str(confirmed))]
        parts += [element(name) for name, wanted in (("synchronize", synchronize), ("full", full)) if wanted]
        self._change(element("commit-configuration", *parts), "commit the changes")
        self._loaded = False

    def discard(self) -> None:
        """Roll the candidate back to what is committed."""
        self._loaded = False
        self._change(element("load-configuration", compare="rollback", rollback="0"), "roll back the candidate")


def _complaints_of(error: Any) -> list[tuple[str, str]]:
    """Return severity and message of everything that PyEZ found in a reply."""
    found = [
        (str(one.get("severity") or "error").strip(), _with_place(one))
        for one in (error.errs if isinstance(error.errs, list) else [])
        if one.get("message")
    ]
    return found or [("error", _one_line(str(error.message or error)))]


def _with_place(complaint: dict[str, Any]) -> str:
    message = _one_line(str(complaint["message"]))
    place = " ".join(str(complaint[key]).strip() for key in ("edit_path", "bad_element") if complaint.get(key))
    return f"{place}: {message}" if place and complaint.get("severity") != "warning" else message


@contextmanager
def open_session(connection: Connection, opener: Callable[[Connection], PyezDevice] = open_device) -> Iterator[Session]:
    """Open a session for the time of a with statement."""
    with Session(connection, opener(connection)) as session:
        yield session
