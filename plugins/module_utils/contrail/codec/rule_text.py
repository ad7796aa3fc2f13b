# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short form of a policy rule: ``vn1 <> vn2 tcp 80,443 via fw, dpi``.

Its grammar::

    rule      = [ "pass" | "deny" ] addresses direction addresses [ protocol [ ports ] ] { extra }
    addresses = address { "," address }
    address   = "any" | "local" | NETWORK | SUBNET | SUBNET "@" NETWORK | "policy=" POLICY
    direction = "<>" | ">" | "->"
    ports     = PORT { "," PORT }                 of the destination
    extra     = "from" ports | "via" NAME { "," NAME } | "mirror" NAME | "qos" NAME | "log"

What the short form cannot say (a network with an odd name, several subnets of one address, ...) is written in
the long form, which is what :func:`read_rule` returns.
"""

from __future__ import annotations

import re
from typing import TypedDict

from ...values.hints import did_you_mean, like
from ...values.protocols import MORE_PROTOCOLS, POLICY_PROTOCOLS, policy_protocol
from .values import port_range


class RuleEnd(TypedDict, total=False):
    """An address of a rule in its long form."""

    any: bool
    local: bool
    policy: str
    subnet: str
    network: str


class RuleAnalyzer(TypedDict):
    """The analyzer that a rule mirrors traffic to."""

    analyzer: str


class LongRule(TypedDict, total=False):
    """The long form of a rule."""

    action: str
    source: list[RuleEnd]
    direction: str
    destination: list[RuleEnd]
    protocol: str
    destination_ports: list[str]
    source_ports: list[str]
    services: list[str]
    mirror: RuleAnalyzer
    qos: str
    log: bool


DIRECTIONS = {"<>": "<>", ">": ">", "->": ">", "<->": "<>"}
ACTIONS = ("pass", "deny")
EXTRAS = ("from", "via", "mirror", "qos", "log")
PROTOCOLS = (*POLICY_PROTOCOLS, *MORE_PROTOCOLS)

_WORDS = re.compile(r"<->|<>|->|>|,|[^\s,<>]+|<")


def read_rule(text: str) -> LongRule:
    """Return the long form of a rule; raises ValueError with the word that is wrong, and the cure."""
    reader = _RuleWords(text)
    rule: LongRule = {}
    if reader.next_is(*ACTIONS):
        rule["action"] = reader.take("an action")
    rule["source"] = _addresses(reader, "the source")
    rule["direction"] = _direction(reader)
    rule["destination"] = _addresses(reader, "the destination")
    if not reader.at_end and not reader.next_is(*EXTRAS):
        rule["protocol"] = _protocol(reader)
        if not reader.at_end and not reader.next_is(*EXTRAS):
            rule["destination_ports"] = _ports(reader)
    while not reader.at_end:
        _extra(reader, rule)
    return rule


class _RuleWords:
    """The words of a rule, one after the other."""

    def __init__(self, text: str) -> None:
        # An arrow in a word is taken for a word of its own: ``vn1<>vn2``; in ``a-b`` there is none.
        self._words = _WORDS.findall(text.replace("->", " -> "))
        self._read: list[str] = []

    @property
    def at_end(self) -> bool:
        return not self._words

    def next_is(self, *words: str) -> bool:
        return bool(self._words) and self._words[0].lower() in words

    def take(self, what: str) -> str:
        """Return the next word, which is to be ``what``."""
        if not self._words:
            raise ValueError(f"the rule ends after '{self.so_far}', where {what} is to be")
        self._read.append(self._words.pop(0))
        return self._read[-1]

    def take_list(self, what: str) -> list[str]:
        """Return words with commas between them."""
        found = [self._item(what)]
        while self.next_is(","):
            self.take("a comma")
            found.append(self._item(what))
        return found

    def _item(self, what: str) -> str:
        word = self.take(what)
        if word == "," or word in DIRECTIONS:
            raise ValueError(f"'{word}' stands where {what} is to be, {self.place}")
        return word

    @property
    def so_far(self) -> str:
        return " ".join(self._read).replace(" ,", ",")

    @property
    def place(self) -> str:
        """Say where the word is that was taken last."""
        before = " ".join(self._read[:-1]).replace(" ,", ",")
        return f"after '{before}'" if before else "at the beginning"


def _addresses(reader: _RuleWords, what: str) -> list[RuleEnd]:
    return [_address(word, reader) for word in reader.take_list(f"{what} (a network, a subnet, any or local)")]


def _address(word: str, reader: _RuleWords) -> RuleEnd:
    subnet, at, network = word.partition("@")
    if word == "any":
        return {"any": True}
    if word == "local":
        return {"local": True}
    if word.startswith("policy="):
        return {"policy": word.removeprefix("policy=")}
    if at:
        if "/" not in subnet or not network:
            raise ValueError(f"'{word}' {reader.place} is not a subnet of a network: write it as 10.0.1.0/24@vn1")
        return {"subnet": subnet, "network": network}
    if "/" in word:
        return {"subnet": word}
    return {"network": word}


def _direction(reader: _RuleWords) -> str:
    word = reader.take("a direction, <> or >")
    if word not in DIRECTIONS:
        raise ValueError(
            f"'{word}' {reader.place} is not a direction: write <> for both ways or > for one, and a comma "
            "between addresses"
        )
    return DIRECTIONS[word]


def _protocol(reader: _RuleWords) -> str:
    word = reader.take("a protocol")
    try:
        return policy_protocol(word)
    except ValueError:
        raise ValueError(_unknown(word, reader, "a protocol", (*PROTOCOLS, *EXTRAS))) from None


def _ports(reader: _RuleWords) -> list[str]:
    ports = []
    for word in reader.take_list("a port"):
        try:
            ports.append(port_range(word))
        except ValueError as error:
            if word[:1].isdigit():
                raise ValueError(f"{error} ({reader.place})") from None
            raise ValueError(_unknown(word, reader, "a port", EXTRAS)) from None
    return ports


def _extra(reader: _RuleWords, rule: LongRule) -> None:
    word = reader.take("from, via, mirror, qos or log").lower()
    option = {"from": "source_ports", "via": "services"}.get(word, word)
    if option in rule:
        raise ValueError(f"'{word}' {reader.place} is there twice: put a comma between what follows the first")
    if word == "from":
        rule["source_ports"] = _ports(reader)
    elif word == "via":
        rule["services"] = reader.take_list("a service instance")
    elif word == "mirror":
        rule["mirror"] = {"analyzer": reader.take("a service instance")}
    elif word == "qos":
        rule["qos"] = reader.take("a QoS config")
    elif word == "log":
        rule["log"] = True
    else:
        raise ValueError(_unknown(word, reader, "one of the words that may follow", EXTRAS))


def _unknown(word: str, reader: _RuleWords, what: str, known: tuple[str, ...]) -> str:
    close = like(word.lower(), known, 1)
    cure = did_you_mean(close) if close else f"there is {', '.join(known[:5])}, ..."
    if known == EXTRAS and not close:
        cure = f"what may follow is {', '.join(EXTRAS)}"
    return f"'{word}' {reader.place} is not {what}: {cure}"
