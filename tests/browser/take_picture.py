"""Take the picture of the reference scenario's report that the documentation shows: docs/images/report.png."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.content import read_report
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.page import page
from models.report_sites import reference_report

from browser.chromium import chromium

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "report.png"
WIDTH = 1000


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as directory, chromium(Path(directory) / "profile") as browser:
        report = Path(directory) / "report.html"
        report.write_text(page(read_report(reference_report())), encoding="utf-8")
        size = {"width": WIDTH, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get(report.as_uri())
        end = browser.execute_script("return [...document.querySelectorAll('table')][1].getBoundingClientRect().bottom")
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": end + 16, "scale": 1}
        taken = browser.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        PICTURE.write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    main()
