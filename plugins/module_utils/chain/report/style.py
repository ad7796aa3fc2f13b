# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the page looks: on screens wide and narrow, light and dark, and on paper. No scripts, nothing from elsewhere."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1b2330; --quiet: #525d6b; --rule: #cfd6de; --soft: #f5f7fa;
  --network: #e6f0fb; --network-rule: #2c6cb0; --service: #fdf1d6; --service-rule: #9a6200;
  --vrf: #e6f4ea; --vrf-rule: #2a7a4b; --filter: #f0ebfa; --filter-rule: #6a4da3;
  --hosts: #eef0f3; --hosts-rule: #56616e; --way: #3d4858;
  --good: #1d6b3c; --bad: #b3261e; --warn: #8a5300;
  --good-soft: #e6f4ea; --bad-soft: #fdeceb; --warn-soft: #fdf1d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --ink: #e7ebf1; --quiet: #a7b1be; --rule: #353e4a; --soft: #191f27;
    --network: #14283f; --network-rule: #6fb0f2; --service: #33280f; --service-rule: #e0ac4a;
    --vrf: #142e20; --vrf-rule: #68c690; --filter: #261f3a; --filter-rule: #b49cec;
    --hosts: #222933; --hosts-rule: #9aa6b5; --way: #b9c3d0;
    --good: #74cf9a; --bad: #ff8f87; --warn: #eeb95a;
    --good-soft: #142e20; --bad-soft: #3a1917; --warn-soft: #33280f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.75rem 1.25rem 3rem; max-width: 62rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0 .75rem; }
code, .value {
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em;
}
.quiet { color: var(--quiet); }
.state {
  display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-weight: 600; font-size: .875rem;
  white-space: nowrap;
}
.state.good { color: var(--good); background: var(--good-soft); }
.state.bad { color: var(--bad); background: var(--bad-soft); }
.state.warn { color: var(--warn); background: var(--warn-soft); }
.states { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 0; padding: 0; list-style: none; }
table { width: 100%; margin: 0 0 1.25rem; border-collapse: collapse; font-size: .9375rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0 .5rem; }
caption .quiet { font-weight: 400; }
th, td {
  padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule);
}
thead th { color: var(--quiet); font-weight: 500; font-size: .8125rem; white-space: nowrap; }
tbody th { font-weight: 500; }
td.number { font-variant-numeric: tabular-nums; }
tr.added { background: var(--good-soft); }
tr.removed { background: var(--bad-soft); }
tr.changed { background: var(--warn-soft); }
tr.added > :first-child, tr.removed > :first-child, tr.changed > :first-child, tr.same > :first-child {
  padding-left: .5rem;
}
tr.removed .value { text-decoration: line-through; }
.mark { font-weight: 600; white-space: nowrap; }
.added .mark {
  color: var(--good); } .removed .mark { color: var(--bad); } .changed .mark { color: var(--warn);
}
.was { display: block; color: var(--quiet); font-size: .875em; }
.finding {
  border: 1px solid var(--rule); border-left: .3rem solid var(--warn); border-radius: .4rem;
  padding: .75rem 1rem; margin: 0 0 .75rem; break-inside: avoid;
}
.finding.error { border-left-color: var(--bad); }
.finding h3 { margin: 0 0 .35rem; font-weight: 600; }
.finding dl {
  display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; font-size: .9375rem;
}
.finding ul { margin: 0; padding-left: 1.1rem; }
.finding dt { color: var(--quiet); } .finding dd { margin: 0; }
figure { margin: .5rem 0 1rem; }
figure svg { display: block; width: 100%; height: auto; }
figure svg.narrow { display: none; }
details > summary { cursor: pointer; font-weight: 600; padding: .4rem 0; }
section.chain { break-inside: avoid-page; }
footer {
  margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--quiet);
  font-size: .875rem;
}
svg text {
  fill: var(--ink); font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  font-size: 12px;
}
svg .t-title { font-size: 15px; font-weight: 700; }
svg .t-caption, svg .t-zone {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; font-size: 11px;
  fill: var(--quiet);
}
svg .t-zone { font-weight: 600; }
svg .t-warn { fill: var(--warn); font-weight: 700; }
svg .t-label { fill: var(--ink); }
svg .t-broken { fill: var(--bad); font-weight: 700; }
svg rect { stroke-width: 1.5; }
svg .b-zone { fill: var(--soft); stroke: var(--rule); stroke-width: 1; }
svg .b-network { fill: var(--network); stroke: var(--network-rule); }
svg .b-service { fill: var(--service); stroke: var(--service-rule); }
svg .b-vrf { fill: var(--vrf); stroke: var(--vrf-rule); }
svg .b-filter { fill: var(--filter); stroke: var(--filter-rule); stroke-dasharray: 5 3; }
svg .b-hosts { fill: var(--hosts); stroke: var(--hosts-rule); }
svg .way { fill: none; stroke: var(--way); stroke-width: 2; stroke-linejoin: round; }
svg .arrow { fill: var(--way); }
svg .way.broken { stroke: var(--bad); stroke-dasharray: 6 5; }
svg .arrow.broken { fill: var(--bad); }
@media screen and (max-width: 44rem) {
  body { padding: 1.25rem 1rem 2rem; }
  figure svg.wide { display: none; }
  figure svg.narrow { display: block; max-width: 28rem; margin: 0 auto; }
  table.rows, table.rows tbody, table.rows tr, table.rows th, table.rows td, table.rows caption {
    display: block;
  }
  table.rows thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.rows tr { padding: .5rem; border-bottom: 1px solid var(--rule); }
  table.rows th, table.rows td { border: 0; padding: .05rem 0; }
  table.rows tr > :first-child { padding-left: 0; }
  table.rows td { display: flex; gap: .75rem; }
  table.rows td::before {
    content: attr(data-label); flex: 0 0 7rem; color: var(--quiet); font-size: .875rem;
  }
  table.rows td.nothing { display: none; }
  .finding dl { grid-template-columns: 1fr; gap: 0; } .finding dd { margin-bottom: .4rem; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --ink: #000000; --quiet: #444444; --rule: #bbbbbb; --soft: #ffffff;
    --network: #ffffff; --network-rule: #1d4f86; --service: #ffffff; --service-rule: #7a4d00;
    --vrf: #ffffff; --vrf-rule: #1d6b3c; --filter: #ffffff; --filter-rule: #50377f;
    --hosts: #ffffff; --hosts-rule: #444444; --way: #222222;
    --good: #1d6b3c; --bad: #9c1c15; --warn: #7a4800; --good-soft: #ffffff; --bad-soft: #ffffff; --warn-soft: #ffffff;
  }
  @page { margin: 14mm; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  h2, h3, caption { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
}
"""
