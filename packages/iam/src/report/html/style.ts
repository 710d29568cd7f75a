/** The style of the page; no font, picture or sheet from elsewhere. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --muted: #566273; --line: #dde2e9; --soft: #eef1f5;
  --link: #0b57b0; --red: #b3261e; --rust: #a5480c; --amber: #8a5300; --purple: #5b4bb3; --blue: #1c62b9; --grey: #647182; --green: #1f7a4d;
  --limit: #8893a2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151c; --card: #18202a; --text: #e6ebf2; --muted: #9dabbc; --line: #2c3744; --soft: #202a36;
    --link: #8fc0ff; --red: #ff9389; --rust: #ffa872; --amber: #f3bb62; --purple: #b9adff; --blue: #7fb4f5; --grey: #a0adbd; --green: #6fd3a0;
    --limit: #7c8a9b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main, header, footer { max-width: 78rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .2rem; }
h3 { font-size: .95rem; line-height: 1.3; margin: .9rem 0 .2rem; }
p { margin: 0 0 .6rem; max-width: 65ch; } p.small { max-width: 85ch; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px;
}
.skip { position: absolute; left: 1rem; top: -5rem; background: var(--card); padding: .5rem .8rem; border-radius: 0 0 8px 8px; } .skip:focus { top: 0; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.dry { display: inline-block; font-weight: 600; border: 1px solid var(--amber); color: var(--amber); border-radius: 6px; padding: 0 .45rem; }
nav { margin: 1rem 0 0; font-size: .9rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; list-style: none; margin: 0; padding: 0; }
nav a { display: inline-block; padding: .2rem 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem; margin: 1.1rem 0; scroll-margin-top: 1rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .8rem; margin: 1.2rem 0 0; padding: 0; list-style: none; }
.figures li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; }
.figures b { display: block; font-size: 1.75rem; line-height: 1.15; font-weight: 650; font-variant-numeric: tabular-nums; }
.figures .bad b { color: var(--red); }
.figures span { color: var(--muted); font-size: .875rem; line-height: 1.35; display: block; }
.alert { border-left: 5px solid var(--red); }
.alert ul { margin: .2rem 0 .6rem; padding-left: 1.1rem; }
.share { display: block; width: 100%; height: 14px; margin: .8rem 0 .6rem; border-radius: 7px; background: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.2rem; list-style: none; padding: 0; margin: 0; font-size: .9rem; }
.legend b { font-variant-numeric: tabular-nums; font-weight: 600; }
.key { display: inline-block; width: .7rem; height: .7rem; border-radius: 3px; margin-right: .4rem; vertical-align: -1px; }
.f-due, .f-act, .f-incident { fill: var(--red); background: var(--red); } .f-cannot-warn, .f-report, .f-left { fill: var(--rust); background: var(--rust); }
.f-undeliverable, .f-held { fill: var(--amber); background: var(--amber); } .f-unowned { fill: var(--purple); background: var(--purple); }
.f-warned, .f-warn { fill: var(--blue); background: var(--blue); } .f-new, .f-none, .f-exempt { fill: var(--grey); background: var(--grey); }
.f-acted, .f-denied { fill: var(--green); background: var(--green); }
.o { font-weight: 600; white-space: nowrap; }
.o-due, .o-act, .o-incident, .o-failed, .o-unknown, .o-refused, .o-nothing { color: var(--red); } .o-cannot-warn, .o-report, .o-left { color: var(--rust); } .o-undeliverable, .o-held { color: var(--amber); }
.o-unowned { color: var(--purple); } .o-warned, .o-warn { color: var(--blue); } .o-new, .o-none, .o-exempt, .o-skipped, .o-planned { color: var(--grey); }
.o-acted, .o-denied, .o-applied, .o-already-applied { color: var(--green); }
.late { color: var(--red); font-weight: 600; } .soon { color: var(--amber); font-weight: 600; }
.plot { display: block; width: 100%; height: 96px; margin-top: .6rem; background: var(--soft); border-radius: 4px; }
.axis { display: flex; justify-content: space-between; font-size: .78rem; color: var(--muted); font-variant-numeric: tabular-nums; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; overflow-wrap: anywhere; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: center; margin: .7rem 0 .5rem; }
.tools[hidden] { display: none; }
.tools label { font-size: .875rem; color: var(--muted); display: flex; align-items: center; gap: .4rem; overflow-wrap: normal; white-space: nowrap; }
.tools label.narrow { display: none; }
input, select { font: inherit; font-size: .95rem; color: inherit; background: var(--card); border: 1px solid var(--limit); border-radius: 6px; padding: .35rem .55rem; min-height: 2.4rem; max-width: 100%; }
input { width: 14rem; } select { max-width: 10.5rem; }
button.plain { font: inherit; font-size: .875rem; color: var(--link); background: none; border: 1px solid var(--line); border-radius: 6px; padding: .35rem .7rem; min-height: 2.4rem; cursor: pointer; }
button.plain[hidden] { display: none; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td { min-width: 5.5rem; } td.n { min-width: 0; } tbody th { min-width: 11rem; } td.why { min-width: 14rem; }
.day { white-space: nowrap; font-variant-numeric: tabular-nums; }
.sub { display: block; color: var(--muted); font-size: .875rem; } .sub.run { white-space: nowrap; } .sub.late { color: var(--red); } .sub.soon { color: var(--amber); }
th, td { text-align: left; vertical-align: top; padding: .45rem .5rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--muted); font-size: .82rem; white-space: nowrap; }
tbody tr:last-child td, tbody tr:last-child th { border-bottom: 0; }
tbody th .sub { font-weight: 400; }
tbody th { color: inherit; font-size: inherit; font-weight: 500; white-space: normal; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th button { all: unset; cursor: pointer; color: inherit; font: inherit; border-radius: 4px; padding: .15rem .2rem; margin: -.15rem -.2rem; }
th button:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
th button::after { content: " \\2195"; opacity: .45; }
th[aria-sort=ascending] button::after { content: " \\2191"; opacity: 1; }
th[aria-sort=descending] button::after { content: " \\2193"; opacity: 1; }
.list { list-style: none; margin: 0; padding: 0; } td .list { margin-top: .2rem; }
details { margin-top: .35rem; } summary { cursor: pointer; color: var(--link); font-size: .875rem; width: fit-content; }
.more { color: var(--muted); font-size: .875rem; margin: .6rem 0 0; }
.gone { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { padding-bottom: 2.5rem; color: var(--muted); font-size: .875rem; }
@media (max-width: 46rem) {
  section { padding: .9rem .8rem; }
  table.stack thead { display: none; }
  table.stack, table.stack tbody, table.stack tr, table.stack td, table.stack th { display: block; width: auto; }
  table.stack tr[hidden] { display: none; }
  table.stack tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  table.stack tbody tr:last-child { border-bottom: 0; }
  table.stack td, table.stack tbody th { border: 0; padding: .1rem 0; text-align: left; white-space: normal; min-width: 0; }
  table.stack tbody th { font-weight: 600; }
  table.stack td[data-label]::before { content: attr(data-label) ": "; color: var(--muted); }
  table.stack td.n { display: inline-block; margin-right: 1.1rem; white-space: nowrap; }
  table.stack td.empty { display: none; }
  table.stack td .sub.run { display: inline; }
  .figures { grid-template-columns: 1fr 1fr; } .figures li:first-child { grid-column: 1 / -1; } .figures b { font-size: 1.45rem; }
  input, select { width: 100%; max-width: 100%; } .tools label { flex: 1 1 44%; } .tools output:empty { display: none; } .tools label.wide { flex: 1 1 100%; } .tools label.narrow { display: flex; }
}
@media print { nav, .tools, .skip { display: none; } section { break-inside: auto; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;
