# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's Contrail API answers as a recorded server did.

What differs stands in differences.yml with its reason; what the transcripts leave out, in unrecorded.yml.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract.lab_server import running_server
from contract.replay import Exchange, Outcome, Replay, recorded_exchanges
from support.recorded import RECORDED

TRANSCRIPTS = RECORDED / "contrail" / "transcripts"
HERE = Path(__file__).parent
SERVERS = (
    ("no-auth", ("00",)),
    ("no-auth", ("01", "02", "03", "04", "05", "06", "07", "09", "11")),
    ("cloud-admin", ("10",)),
    ("rbac", ("13",)),
)
"""Which transcripts were recorded on one server, in their order, and how that server checks who asks."""

pytestmark = pytest.mark.skipif(not TRANSCRIPTS.is_dir(), reason="no transcripts here")


def _data(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text())


def _replayed(mode: str, numbers: tuple[str, ...]) -> Iterator[Outcome]:
    """Yield how each exchange came out; the daemons work before each, unless they rested in the recording."""
    unrecorded = {step["before"]: step for step in _data("unrecorded.yml")}
    daemons = _data("daemons.yml")
    rests = [(_place(rest["from"]), _place(rest["to"])) for rest in daemons["rests"]]
    with running_server(mode=mode, daemons=daemons["run"][mode]) as server:
        for token in _data("tokens.yml"):
            server.directory.adopt(**token)
        replay = Replay(server)
        for number in numbers:
            (transcript,) = TRANSCRIPTS.glob(f"{number}_*.jsonl")
            for exchange in recorded_exchanges(transcript):
                _catch_up(replay, exchange, unrecorded.get(exchange.key, {}))
                if not any(first <= _place(exchange.key) <= last for first, last in rests):
                    server.settle()
                yield replay.send(exchange)


def _catch_up(replay: Replay, exchange: Exchange, step: dict[str, Any]) -> None:
    """Make the writes that the recorded server had seen before an exchange and the transcripts leave out."""
    if step.get("seen"):
        replay.write_seen(exchange)
    for write in step.get("writes", ()):
        replay.write(write["kind"], write["body"])
    for request in step.get("requests", ()):
        replay.request(request["method"], request["path"], request["body"])


def _place(key: str) -> tuple[int, int]:
    transcript, _unused, position = key.partition(":")
    return int(transcript), int(position)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [outcome for server in SERVERS for outcome in _replayed(*server)]


@pytest.fixture(scope="module")
def listed() -> dict[str, str]:
    """Return the listed differences: reason by exchange."""
    return {key: entry["reason"] for entry in _data("differences.yml")["differences"] for key in entry["exchanges"]}


def test_agreement_does_not_fall(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    reached = _data("differences.yml")["agreement"]
    status = [outcome.status_agrees for outcome in outcomes]
    body = [outcome.agrees for outcome in outcomes]
    with capsys.disabled():
        print(f"\n{_report(outcomes)}")
    assert len(outcomes) == reached["exchanges"]
    assert sum(status) >= reached["status"]
    assert sum(body) >= reached["body"]
    assert reached["body"] / reached["exchanges"] >= 0.98


def test_every_difference_is_listed_with_its_reason(outcomes: list[Outcome], listed: dict[str, str]) -> None:
    unlisted = [outcome for outcome in outcomes if not outcome.agrees and outcome.exchange.key not in listed]
    assert not [f"{outcome.exchange.key} {outcome.exchange.title}: {outcome.differences}" for outcome in unlisted]


def test_no_listed_difference_has_gone(outcomes: list[Outcome], listed: dict[str, str]) -> None:
    agreeing = {outcome.exchange.key for outcome in outcomes if outcome.agrees}
    assert not sorted(agreeing & listed.keys())


def _report(outcomes: list[Outcome]) -> str:
    lines = ["transcript  exchanges  status agrees  body agrees"]
    numbers = sorted({outcome.exchange.key.partition(":")[0] for outcome in outcomes})
    for number in [*numbers, ""]:
        part = [outcome for outcome in outcomes if outcome.exchange.key.startswith(number)]
        status, body = sum(outcome.status_agrees for outcome in part), sum(outcome.agrees for outcome in part)
        total = len(part)
        lines.append(f"{number or 'all':10}  {total:9}  {status:5} {status / total:6.1%}  {body:5} {body / total:6.1%}")
    return "\n".join(lines)
