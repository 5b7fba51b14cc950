/** The style of the documents: no font, image or script from anywhere, light and dark, from a phone up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfbf9; --sheet: #ffffff; --sunk: #f3f4f0; --line: #dfe2da; --ink: #1d2521; --soft: #586560; --accent: #0b6b5d; --tint: #e3f1ee; --warn: #9a4d0a; --code: #24312c;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #121715; --sheet: #181f1c; --sunk: #101412; --line: #2c3632; --ink: #e4eae6; --soft: #9aa8a2; --accent: #63cdb9; --tint: #16302b; --warn: #eda75f; --code: #d5e0da; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 var(--sans); }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: var(--mono); font-size: .86em; }
:not(pre) > code { overflow-wrap: anywhere; }
p code, li code, dd code, td code { background: var(--sunk); border: 1px solid var(--line); border-radius: 4px; padding: .06em .32em; color: var(--code); }
pre { margin: 0; padding: .85rem 1rem; overflow-x: auto; background: var(--sunk); border: 1px solid var(--line); border-radius: 8px; line-height: 1.55; color: var(--code); tab-size: 2; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: clamp(1.7rem, 1.2rem + 2vw, 2.4rem); letter-spacing: -.02em; margin: 0 0 .6rem; }
h2 { font-size: 1.3rem; letter-spacing: -.01em; margin: 3rem 0 .75rem; }
h4 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 1.4rem 0 .4rem; }
p { margin: .6rem 0; max-width: 44rem; }
.frame { display: grid; grid-template-columns: 15.5rem minmax(0, 1fr); max-width: 82rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; padding: 1.75rem 1.25rem 2rem 1.5rem; border-right: 1px solid var(--line); font-size: .875rem; }
nav .brand { display: block; font-weight: 650; font-size: 1.05rem; color: var(--ink); text-decoration: none; }
nav .version { color: var(--soft); font-size: .8rem; }
nav h3 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 1.3rem 0 .3rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .17rem 0; color: var(--ink); text-decoration: none; overflow-wrap: anywhere; }
nav li a:hover { color: var(--accent); text-decoration: underline; }
main { padding: 2.25rem clamp(1rem, 4vw, 3rem) 6rem; min-width: 0; }
.lead { font-size: 1.1rem; color: var(--soft); }
.toolset { color: var(--soft); margin-top: -.4rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .85rem; border-top: 1px solid var(--line); }
tr:first-child > th, tr:first-child > td { border-top: 0; }
th { font-weight: 600; color: var(--soft); font-size: .8rem; white-space: nowrap; }
th code { font-size: 1em; color: var(--ink); }
td a code { white-space: nowrap; }
details.operation { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; margin: .6rem 0; }
details.operation[open] { box-shadow: 0 1px 10px rgb(0 0 0 / .05); }
details.operation > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .8rem; position: relative; padding: .8rem 2.5rem .8rem 1rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
details.operation > summary::after { content: "+"; position: absolute; right: 1rem; color: var(--soft); font-family: var(--mono); }
details.operation[open] > summary::after { content: "\\2212"; }
details.operation > summary:hover .title { color: var(--accent); }
.method { font: 600 .72rem/1.5 var(--mono); letter-spacing: .04em; color: var(--accent); background: var(--tint); border-radius: 4px; padding: .12rem .45rem; }
.path { font-family: var(--mono); font-size: .88rem; overflow-wrap: anywhere; }
.path i, .hole { font-style: normal; color: var(--accent); }
.title { color: var(--soft); font-size: .9rem; }
.body { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 2rem; padding: .25rem 1rem 1.25rem; border-top: 1px solid var(--line); }
.body > * { min-width: 0; }
.facts { color: var(--soft); font-size: .85rem; }
.body pre { max-height: 34rem; }
pre.line { white-space: pre-wrap; overflow-wrap: anywhere; }
dl { margin: 0; font-size: .9rem; }
dt { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .6rem; padding-top: .5rem; border-top: 1px solid var(--line); }
dl > dt:first-child { border-top: 0; }
dt code { font-weight: 600; color: var(--ink); }
dt .type { color: var(--soft); font-size: .82rem; }
dt .need { color: var(--warn); font-size: .82rem; }
dd { margin: .1rem 0 .5rem; color: var(--soft); }
details.fields > summary { cursor: pointer; color: var(--accent); font-size: .9rem; padding: .35rem 0; }
.top { font-size: .85rem; margin-top: 4rem; color: var(--soft); }
@media (max-width: 60rem) {
  .frame { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 1.1rem clamp(1rem, 4vw, 3rem); }
  nav .lists h3, nav .lists h3 + ul { display: none; }
  nav ul { display: flex; flex-wrap: wrap; gap: 0 1.1rem; margin-top: .4rem; }
  .body { grid-template-columns: minmax(0, 1fr); }
}
@media print { nav { display: none; } .frame { display: block; } }
`;
