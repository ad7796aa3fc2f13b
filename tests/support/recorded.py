"""Where recorded truth lies in development: transcripts of real servers, device output, the scenario as data."""

from __future__ import annotations

from pathlib import Path

RECORDED = Path(__file__).resolve().parents[2].parent / "shared"
