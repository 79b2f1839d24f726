#pragma once
// How the dossier looks, on screen and on A4 paper.

#include <string_view>

namespace mailhold::handover {

inline constexpr std::string_view page_style = R"css(
@page { size: A4; margin: 13mm 16mm 15mm;
  @bottom-left { content: "Confidential"; font: 8pt sans-serif; color: #6b7280; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #6b7280; } }
:root { --ink: #17202e; --soft: #5b6675; --line: #d5dae1; --faint: #f3f5f8; --accent: #17456f; --warn: #a33a12; }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; background: #e7eaef; color: var(--ink); line-height: 1.42; font-size: 9.6pt;
  font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", sans-serif; }
main { background: #fff; max-width: 210mm; margin: 8mm auto; padding: 13mm 16mm; box-shadow: 0 1px 8px #0002; }
header { border-top: 3pt solid var(--accent); padding-top: 3.5mm; }
.kind { color: var(--accent); font-size: 8.5pt; font-weight: 700; letter-spacing: .13em; text-transform: uppercase; }
h1 { font-size: 25pt; line-height: 1.15; margin: .5mm 0 3mm; font-weight: 700; overflow-wrap: anywhere; }
h2 { font-size: 12.5pt; margin: 6mm 0 1mm; color: var(--accent); break-after: avoid; }
h2 + p { margin: 0 0 2.5mm; color: var(--soft); break-after: avoid; }
dl { display: grid; grid-template-columns: 27mm 1fr; gap: 1mm 3mm; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.figures { display: flex; gap: 3mm; margin: 5mm 0 0; padding: 0; list-style: none; }
.figures li { flex: 1; background: var(--faint); padding: 2.3mm 3.5mm; border-left: 2pt solid var(--accent); }
.figures b { display: block; font-size: 19pt; line-height: 1.15; font-variant-numeric: tabular-nums; }
.figures span { color: var(--soft); font-size: 8.4pt; }
.note { background: #fff6e8; border-left: 2pt solid #d98a1f; margin: 4mm 0 0; padding: 2mm 3.5mm; break-inside: avoid; }
table { width: 100%; border-collapse: collapse; font-size: 8.7pt; }
th { text-align: left; font-weight: 700; color: var(--soft); font-size: 7.6pt; letter-spacing: .03em;
  border-bottom: 1pt solid var(--ink); padding: 1mm 2mm 1mm 0; vertical-align: bottom; }
td { border-bottom: .5pt solid var(--line); padding: 1.2mm 2mm 1.2mm 0; vertical-align: top; overflow-wrap: anywhere;
  unicode-bidi: isolate; }
tr { break-inside: avoid; } thead { display: table-header-group; }
th.n, td.n { width: 15mm; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.d { width: 19mm; white-space: nowrap; font-variant-numeric: tabular-nums; }
td + td { width: 32%; } td + td + td { width: auto; }
td small { display: block; color: var(--soft); font-size: 7.9pt; }
td .days { color: var(--warn); font-weight: 700; white-space: nowrap; }
.rest, .none { color: var(--soft); margin: 2mm 0 0; }
.remarks p { margin: 0 0 1.6mm; color: var(--soft); font-size: 8.6pt; break-inside: avoid; }
h2.lists { break-before: page; }
.signatures { break-inside: avoid; margin-top: 6mm; }
.signatures p { margin: 0 0 11mm; }
.signatures div { display: grid; grid-template-columns: repeat(auto-fit, minmax(38mm, 1fr)); gap: 6mm; row-gap: 14mm; }
.signatures span { border-top: .8pt solid var(--ink); padding-top: 1.2mm; overflow-wrap: anywhere; }
.signatures small { display: block; color: var(--soft); font-size: 7.9pt; }
footer { margin-top: 8mm; color: var(--soft); font-size: 7.8pt; border-top: .5pt solid var(--line); padding-top: 2mm; }
@media print { body { background: #fff; } main { margin: 0; padding: 0; max-width: none; box-shadow: none; } }
)css";

}  // namespace mailhold::handover
