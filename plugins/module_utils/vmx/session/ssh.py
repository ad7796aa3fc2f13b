# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way to a router over SSH: the user's client configuration, the host key, the login, the channel for NETCONF.

Each stage is named in :class:`Opening`, so that one watch over all of them can say where a router has stalled.
"""

from __future__ import annotations

import glob
import logging
import os
import re
import shlex
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from getpass import getuser
from pathlib import Path
from typing import Any

from .connection import Connection, NotConnectedError
from .hostkeys import Judgement, KeyVerdict, KnownKey, judge, known_kinds, names_of, read_known_hosts

Handler: Any = object
Transport: Any = object
with suppress(ImportError):  # reported by the session, which needs it as well
    import paramiko
    from paramiko.auth_handler import AuthOnlyHandler

    Handler = AuthOnlyHandler
    Transport = paramiko.ServiceRequestingTransport  # type: ignore[attr-defined]  # its stubs lack it

LOG = "opencontrail.service_chain.vmx"
logging.getLogger(LOG).addHandler(
    logging.NullHandler()
)  # else the library's tracebacks go to the standard error output

SSH_CONFIG = "~/.ssh/config"
HOST_KEY_FILES = ("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts")
DEFAULT_KEYS = ("~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519")
SUBSYSTEM = "netconf"
COMMAND = "xml-mode netconf need-trailer"
"""What starts a NETCONF session where the router does not offer the subsystem."""

INCLUDE_DEPTH = 16
PATIENCE_SECONDS = 5
"""By how much the library's own limits lie behind ours, which say more."""

SIGNATURES = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")}
"""The signature algorithms for a type of key, where they have other names than the key."""


class LoginHandler(Handler):  # type: ignore[misc]
    """The library's, ready for the reply to a request before that is sent; else it waits for a quick one for ever."""

    _event: threading.Event | None = None

    @property
    def auth_event(self) -> threading.Event | None:
        """The event that the reply to the request sets."""
        return self._event

    @auth_event.setter
    def auth_event(self, event: threading.Event | None) -> None:
        if self._event is None or event is None:
            self._event = event

    def send_auth_request(self, username: str, method: str, finish_message: Any = None) -> Any:
        """Send a request to log in and wait for the reply."""
        self._event = threading.Event()
        return super().send_auth_request(username, method, finish_message)


class LoginTransport(Transport):  # type: ignore[misc]
    """A transport that asks once for the service of logins, as servers expect, however many ways are tried."""

    def get_auth_handler(self) -> LoginHandler:
        """Return what handles logins."""
        return LoginHandler(self)


@dataclass
class Opening:
    """A connection that is being opened: the stage it has come to, and what ends it."""

    stage: str = "the look-up of its name"
    ends: list[Callable[[], object]] = field(default_factory=list)
    is_over: bool = False

    def begin(self, stage: str) -> None:
        """Name the stage that comes now; raises :class:`NotConnectedError` where nobody waits for it any more."""
        if self.is_over:
            raise NotConnectedError("it was given up")
        self.stage = stage

    def opened(self, end: Callable[[], object]) -> None:
        """Note how to end what has just been opened."""
        self.ends.append(end)
        if self.is_over:
            self.close()

    def close(self) -> None:
        """End what has been opened so far."""
        self.is_over = True
        for end in reversed(self.ends):
            with suppress(Exception):
                end()


@dataclass(frozen=True)
class Settings:
    """The user's client configuration for a router."""

    host: str
    user: str
    found: dict[str, Any]

    def words(self, name: str) -> list[str]:
        """Return the values of a keyword that takes several."""
        value = self.found.get(name) or []
        return list(value) if isinstance(value, list) else shlex.split(value)


def read_settings(connection: Connection) -> Settings:
    """Return what :data:`SSH_CONFIG` says about the host of a connection; raises :class:`NotConnectedError`."""
    try:
        text = "\n".join(_included(Path(SSH_CONFIG).expanduser(), connection.host))
        found = dict(paramiko.SSHConfig.from_text(f"Host *\n  Port {connection.port}\n{text}").lookup(connection.host))
    except OSError as error:
        raise NotConnectedError(f"{error.filename} cannot be read: {error.strerror}") from None
    except (paramiko.ConfigParseError, ImportError, ValueError) as error:
        raise NotConnectedError(f"{SSH_CONFIG} cannot be understood: {error}") from None
    jump = found.get("proxyjump", "none")
    if jump != "none" and "proxycommand" not in found:
        raise NotConnectedError(
            f"ProxyJump {jump} of {SSH_CONFIG} is not followed; write it as ProxyCommand ssh -W %h:%p {jump}"
        )
    user = connection.user or found.get("user") or os.environ.get("USER") or getuser()
    return Settings(str(found["hostname"]), str(user), found)


def _included(file: Path, host: str, depth: int = 0) -> Iterator[str]:
    """Yield the lines of a client configuration, those of the files that it includes in their places.

    What is included below a ``Host`` or ``Match`` that is not about this host does not count; behind an included file
    that line goes on.
    """
    if not file.is_file():
        return
    if depth > INCLUDE_DEPTH:
        raise ValueError(f"{file} is included in more than {INCLUDE_DEPTH} files")
    block = "Host *"
    for line in file.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        keyword, _blank, value = re.sub(r"\s*=\s*|\s+", " ", line.strip(), count=1).partition(" ")
        if keyword.lower() in ("host", "match"):
            block = line
        if keyword.lower() != "include":
            yield line
        elif "user" in paramiko.SSHConfig.from_text(f"{block}\n  User included").lookup(host):
            for pattern in shlex.split(value):
                path = Path(SSH_CONFIG).expanduser().parent / Path(pattern).expanduser()
                for name in sorted(glob.glob(str(path))):  # noqa: PTH207 (the pattern may be absolute)
                    yield "Host *"
                    yield from _included(Path(name), host, depth + 1)
            yield block


def known_hosts_files(connection: Connection, settings: Settings) -> list[Path]:
    """Return the files with trusted host keys: the option's, those of the client configuration, or the usual ones."""
    if connection.known_hosts_file:
        return [Path(connection.known_hosts_file).expanduser()]
    user = settings.words("userknownhostsfile") or [HOST_KEY_FILES[0]]
    everybody = settings.words("globalknownhostsfile") or [HOST_KEY_FILES[1]]
    return [Path(one).expanduser() for one in (*user, *everybody) if one != "none"]


def open_channel(connection: Connection, opening: Opening) -> paramiko.Channel:
    """Return a channel on which a router speaks NETCONF.

    Raises :class:`NotConnectedError`, and what sockets and the library raise.
    """
    settings = read_settings(connection)
    known: list[KnownKey] = _known_keys(connection, settings) if connection.host_key_checking else []
    keys = list(_own_keys(connection, settings))
    transport: Any = LoginTransport(_connected_socket(connection, settings, opening))
    opening.opened(transport.close)
    transport.set_log_channel(LOG)
    limit = connection.connect_timeout + PATIENCE_SECONDS
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = limit
    transport.channel_timeout = limit
    names = names_of(settings.host, connection.port, settings.found.get("hostkeyalias"))
    _prefer(transport, known_kinds(known, names))
    opening.begin("the SSH key exchange")
    transport.start_client(timeout=limit)
    if connection.host_key_checking:
        _check_host_key(connection, settings, known, names, transport.get_remote_server_key())
    opening.begin(f"the login of user {settings.user}")
    _log_in(connection, settings, transport, keys)
    opening.begin("the start of NETCONF")
    return _netconf_channel(transport, limit)


# --- the host key ---


def _known_keys(connection: Connection, settings: Settings) -> list[KnownKey]:
    files = known_hosts_files(connection, settings)
    if connection.known_hosts_file and not files[0].is_file():
        raise NotConnectedError(
            f"known_hosts_file {connection.known_hosts_file} does not"
            f" exist; make it with {_keyscan(connection, settings)}, and compare the key"
        )
    try:
        return read_known_hosts(files)
    except OSError as error:
        raise NotConnectedError(f"{error.filename}: {error.strerror}") from None


def _keyscan(connection: Connection, settings: Settings) -> str:
    return f"ssh-keyscan -p {connection.port} {settings.host}"


def _prefer(transport: paramiko.Transport, kinds: list[str]) -> None:
    """Ask for the types of key that are known first, as ssh does; the others stay behind them."""
    options = transport.get_security_options()
    usual = list(options.key_types)
    wanted = [name for kind in kinds for name in SIGNATURES.get(kind, (kind,)) if name in usual]
    options.key_types = tuple(dict.fromkeys([*wanted, *usual]))


def _check_host_key(
    connection: Connection, settings: Settings, known: list[KnownKey], names: tuple[str, ...], key: paramiko.PKey
) -> None:
    said = judge(known, names, key.get_name(), key.asbytes())
    if said.verdict is not KeyVerdict.TRUSTED:
        shown = f"its host key ({key.get_name()} {key.fingerprint})"
        files = " or ".join(str(one) for one in known_hosts_files(connection, settings))
        raise NotConnectedError(f"{shown} {_mistrust(said, files, _keyscan(connection, settings))}")


def _mistrust(said: Judgement, files: str, keyscan: str) -> str:
    """Return why a key is not trusted, and what to do."""
    if said.verdict is KeyVerdict.REVOKED:
        return f"is revoked in {said.place}; do not log in before you know why"
    if said.verdict is KeyVerdict.CHANGED:
        return (
            f"is not the one in {said.place}: the router was replaced, or something else answers in its place;"
            f" compare it, and only then replace that line with the output of {keyscan}"
        )
    if said.verdict is KeyVerdict.OTHER_TYPE:
        return f"is not in {files}, which has {', '.join(said.kinds)} only; compare it and add it with {keyscan}"
    if said.verdict is KeyVerdict.ONLY_AUTHORITY:
        return (
            f"is not in {files}; the @cert-authority of {said.place} does not help, as host certificates are not"
            f" supported; compare the key and add it with {keyscan}"
        )
    return f"is not in {files}; compare it and add it with {keyscan}"


# --- the connection and the login ---


def _connected_socket(connection: Connection, settings: Settings, opening: Opening) -> socket.socket:
    command = settings.found.get("proxycommand")
    if command and command != "none":
        opening.begin("the ProxyCommand")
        return _proxied_socket(command, opening)
    source = settings.found.get("bindaddress")
    opening.begin("the TCP connection")
    try:
        return socket.create_connection(
            (settings.host, connection.port), connection.connect_timeout, (source, 0) if source else None
        )
    except socket.gaierror:
        raise NotConnectedError("the name of the host is not known") from None
    except ConnectionRefusedError:
        raise NotConnectedError(
            "connection refused; is the port right, and system services netconf ssh configured?"
        ) from None
    except TimeoutError:
        raise NotConnectedError(stalled(connection, opening.stage)) from None


def stalled(connection: Connection, stage: str) -> str:
    """Return how to say that a router gave no answer in time, with the stage that it stopped at."""
    return f"no answer within {connection.connect_timeout} s (connect_timeout) during {stage}"


def _proxied_socket(command: str, opening: Opening) -> socket.socket:
    """Return a socket whose other end is the input and output of a command, as of ssh's ProxyCommand."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
        )
    opening.opened(process.kill)
    opening.opened(lambda: process.wait(timeout=1))
    opening.opened(process.terminate)
    return ours


def _own_keys(connection: Connection, settings: Settings) -> Iterator[tuple[str, paramiko.PKey]]:
    """Yield the keys to log in with, each with where it comes from.

    The key that was asked for must be usable. Keys of the client configuration, of the agent and of the home directory
    are offered where they can be; those of the latter two only where no password was given.
    """
    if connection.ssh_private_key_file:
        yield f"the key {connection.ssh_private_key_file}", _asked_for(connection, connection.ssh_private_key_file)
        return
    for path in settings.words("identityfile"):
        with suppress(Exception):
            yield f"the key {path}", paramiko.PKey.from_path(Path(path).expanduser(), _pass_phrase(connection))
    if connection.password is None and settings.found.get("identitiesonly") != "yes":
        for key in paramiko.Agent().get_keys():
            yield "the keys of the agent", key
        for path in DEFAULT_KEYS:
            with suppress(Exception):
                yield f"the key {path}", paramiko.PKey.from_path(Path(path).expanduser(), None)


def _pass_phrase(connection: Connection) -> Any:
    return connection.password.encode() if connection.password else None


def _asked_for(connection: Connection, path: str) -> paramiko.PKey:
    """Return the key of ``ssh_private_key_file``; raises :class:`RouterError` with what is wrong with the file."""
    file = Path(path).expanduser()
    failed = f"ssh_private_key_file {path}"
    try:
        begin = file.read_bytes()[:4096]
    except OSError as error:
        raise NotConnectedError(f"{failed}: {error.strerror}") from None
    if re.match(rb"(ssh|ecdsa|sk)-\S+ ", begin):
        raise NotConnectedError(f"{failed} is a public key; give the private one, which has no .pub at its end")
    if begin.startswith(b"PuTTY-User-Key-File"):
        raise NotConnectedError(f"{failed} has the form of PuTTY; export it in the form of OpenSSH with puttygen")
    try:
        return paramiko.PKey.from_path(file, None)
    except Exception as error:  # the libraries raise whatever they like
        encrypted = isinstance(error, (paramiko.PasswordRequiredException, TypeError)) or "encrypted" in str(error)
    if not encrypted:
        raise NotConnectedError(f"{failed} is no private key that can be used (RSA, ECDSA or Ed25519)")
    if connection.password is None:
        raise NotConnectedError(f"{failed} has a pass phrase; give it as password, or load the key into the SSH agent")
    try:
        return paramiko.PKey.from_path(file, _pass_phrase(connection))
    except Exception:
        raise NotConnectedError(f"{failed} has a pass phrase, and the password that was given is another") from None


def _log_in(
    connection: Connection, settings: Settings, transport: paramiko.Transport, keys: list[tuple[str, paramiko.PKey]]
) -> None:
    """Log in with the keys, one after the other, and then with the password."""
    offered: Sequence[str] = ()
    for _origin, key in keys:
        try:
            offered = transport.auth_publickey(settings.user, key)
        except paramiko.AuthenticationException as error:
            _require_active(settings, transport)
            offered = getattr(error, "allowed_types", offered)
            if offered and "publickey" not in offered:
                break
        else:
            if not offered:
                return
            break  # the key was taken, and something else is wanted as well
    if connection.password is not None:
        try:
            offered = _give_password(connection.password, settings.user, transport, offered)
        except paramiko.AuthenticationException as error:
            _require_active(settings, transport)
            offered = getattr(error, "allowed_types", offered)
        else:
            if not offered:
                return
    raise NotConnectedError(
        f"login of user {settings.user} was refused with {_credentials(connection, keys)}{_what_is_offered(offered)}"
    )


def _give_password(password: str, user: str, transport: paramiko.Transport, offered: Sequence[str]) -> Sequence[str]:
    """Log in with the password and return what is wanted beside it; it is asked for by prompts where it is not taken.

    A password that was refused is not given again, so that no login is counted as failed twice.
    """
    if "password" in offered or "keyboard-interactive" not in offered:
        try:
            return transport.auth_password(user, password, fallback=False)
        except paramiko.BadAuthenticationType as offer:
            if "keyboard-interactive" not in offer.allowed_types:
                raise
    return transport.auth_interactive(
        user, lambda _title, _text, prompts: ["" if shown else password for _prompt, shown in prompts]
    )


def _require_active(settings: Settings, transport: paramiko.Transport) -> None:
    if not transport.is_active():
        raise NotConnectedError(f"it closed the connection during the login of user {settings.user}")


def _credentials(connection: Connection, keys: list[tuple[str, paramiko.PKey]]) -> str:
    if connection.ssh_private_key_file:
        return f"the key {connection.ssh_private_key_file}"
    if connection.password:
        return "the password"
    if keys:
        return "the keys of the agent and of ~/.ssh, as neither a password nor a key was given"
    return "nothing, as neither a password nor a key was given, and none is in the agent or in ~/.ssh"


def _what_is_offered(methods: Sequence[str]) -> str:
    usable = ("publickey", "password", "keyboard-interactive")
    return f"; it offers {', '.join(methods)} only" if methods and not set(usable) & set(methods) else ""


def _netconf_channel(transport: paramiko.Transport, limit: float) -> paramiko.Channel:
    for is_subsystem in (True, False):
        channel = transport.open_session(timeout=limit)
        try:
            if is_subsystem:
                channel.invoke_subsystem(SUBSYSTEM)
            else:
                channel.exec_command(COMMAND)
        except paramiko.SSHException:
            channel.close()
            if not transport.is_active():
                break
        else:
            return channel
    raise NotConnectedError("it does not serve NETCONF there; configure system services netconf ssh")
