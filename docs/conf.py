# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings; `make docs` builds the site from this folder and from the plugins' own documentation."""

project = "opencontrail.service_chain"
author = "opencontrail.service_chain contributors"
copyright = f"2026, {author}"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = project
html_static_path: list[str] = []
pygments_style = "default"
highlight_language = "yaml"
