#include "report/html_parts.hpp"

namespace mailfault::html {

std::string_view style() {
  return R"css(
:root { color-scheme: light dark;
  --page: #f6f5f2; --paper: #fff; --ink: #1d2126; --soft: #5b6470; --line: #dcdad4; --tint: #f3f2ee;
  --pass: #00694f; --lax: #7d5400; --info: #1b5f93; --unmet: #83366a; --fail: #b03a00; --none: #5b6470;
  --client: #0068ab; --server: #4a5560; --fault: #c24100; --fault-tint: #fdf0e6; --violation: #83366a; }
@media (prefers-color-scheme: dark) { :root {
  --page: #15181c; --paper: #1d2126; --ink: #e6e6e3; --soft: #9aa4af; --line: #343a42; --tint: #252a30;
  --pass: #3fc59b; --lax: #e9b24c; --info: #6cb8ee; --unmet: #e290c2; --fault-tint: #3a2618; --fail: #ff8a4d;
  --none: #9aa4af; --client: #62b4f2; --server: #b3bec9; --fault: #ff9455; --violation: #e290c2; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.75rem; }
footer { padding: 1rem 1rem 3rem; color: var(--soft); font-size: .85rem; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1rem; margin: 1.6rem 0 .5rem; }
h3 { font-size: .95rem; margin: 0 0 .4rem; }
p { margin: .3rem 0; }
a { color: inherit; text-underline-offset: .15em; text-decoration-color: var(--soft); }
small, .soft { color: var(--soft); font-size: .85rem; font-weight: 400; }
code, pre, .talk, .source, dd.mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .8125rem; }
code, pre, dd, .talk span { overflow-wrap: anywhere; unicode-bidi: isolate; }
pre { margin: 0; padding: .7rem .8rem; background: var(--tint); border-radius: 6px; white-space: pre-wrap; }
.pass { --mark: var(--pass); } .lax { --mark: var(--lax); } .info { --mark: var(--info); }
.unmet { --mark: var(--unmet); } .fail, .error { --mark: var(--fail); } .not-applicable { --mark: var(--none); }
.verdict { color: var(--mark); font-weight: 650; white-space: nowrap; }
h3 .verdict { margin-right: .6em; }
.verdict i { font-style: normal; display: inline-block; min-width: 1.25em; }

.filter { display: flex; flex-wrap: wrap; gap: .4rem; margin: .9rem 0 .4rem; padding: 0; border: 0; }
.filter label { display: inline-flex; gap: .35rem; padding: .2rem .75rem; border: 1px solid var(--line);
  border-radius: 99px; background: var(--paper); cursor: pointer; font-size: .9rem; }
.filter input { position: absolute; opacity: 0; pointer-events: none; }
.filter label:has(:checked) { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); }
.filter label:has(:focus-visible) { outline: 2px solid var(--info); outline-offset: 2px; }
body:has(#only-pass:checked) .card:not(.pass), body:has(#only-lax:checked) .card:not(.lax),
body:has(#only-info:checked) .card:not(.info), body:has(#only-unmet:checked) .card:not(.unmet),
body:has(#only-fail:checked) .card:not(.fail), body:has(#only-error:checked) .card:not(.error),
body:has(#only-not-applicable:checked) .card:not(.not-applicable) { display: none; }
.once { margin: .8rem 0 0; padding-left: 1.1rem; font-size: .9rem; color: var(--soft); }

.card { background: var(--paper); border: 1px solid var(--line); border-left: 5px solid var(--mark);
  border-radius: 8px; margin: .75rem 0; }
.card > summary { display: grid; grid-template-columns: 1.2rem 6.2rem 1fr; column-gap: .4rem; align-items: baseline;
  padding: .7rem .9rem; cursor: pointer; list-style: none; }
.card > summary::-webkit-details-marker { display: none; }
.card > summary::before { content: "▸"; color: var(--soft); }
.card[open] > summary::before { content: "▾"; }
.card > summary:hover .name b { text-decoration: underline; text-underline-offset: .2em; }
.name b { margin-right: .5em; }
.name small { display: block; }
.card > div { padding: 0 .9rem 1.1rem; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--info); outline-offset: 2px; border-radius: 4px; }

.finding { border: 1px solid var(--line); border-left: 3px solid var(--mark); border-radius: 6px; padding: .6rem .8rem;
  margin: .6rem 0; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .15rem .8rem; margin: 0; font-size: .925rem; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
dl.headers { grid-template-columns: 8rem 1fr; font-size: .85rem; }
.do dd { font-weight: 600; }
.fold > summary { cursor: pointer; color: var(--soft); font-size: .875rem; padding: .2rem 0; }
.fold > summary:hover { color: var(--ink); }
.fold ul { margin: .2rem 0 .4rem; padding-left: 1.2rem; font-size: .9rem; }
.replay { user-select: all; -webkit-user-select: all; }

.session { margin: 1rem 0 1.2rem; }
.session h3 small { margin-left: .3rem; }
.lanes { display: grid; grid-template-columns: 3.4rem 1fr; background: var(--tint); border-radius: 6px;
  padding: .35rem .8rem .35rem .6rem; margin: .3rem 0; }
.lanes > div { display: flex; flex-direction: column; justify-content: space-between; padding: 16px 0;
  font-size: .75rem; line-height: 16px; height: 100px; }
.lanes > div span:first-child { color: var(--client); } .lanes > div span:last-child { color: var(--server); }
.lanes svg { width: 100%; height: 100px; overflow: visible; display: block; }
.lanes text { font: 10px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; text-anchor: middle; }
.lanes.over { display: block; padding-bottom: .5rem; } .over text { fill: var(--ink); } .over .from { text-anchor: start; transform: translateX(6px); }
.over .to { text-anchor: end; transform: translateX(-6px); } .fb { fill: var(--fault); } .e { fill: var(--fail); }
.lanes .mark { font-size: 14px; }
.axis { stroke: var(--line); } .wait { fill: var(--soft); }
.c { fill: var(--client); } .s { fill: var(--server); } .lost { fill: none; stroke: var(--server); stroke-width: 1.5; }
.no { fill: none; stroke: var(--server); stroke-width: 2.5; }
.f { fill: var(--fault); transform-box: fill-box; transform-origin: center; transform: translateX(-5px) rotate(45deg); }
.fl { stroke: var(--fault); stroke-dasharray: 2 3; } .v { fill: var(--violation); } .sq { transform: translateX(-4px); }
.o { fill: none; stroke: var(--client); stroke-width: 1.5; }

.talk { list-style: none; margin: .3rem 0; padding: 0; line-height: 1.45; }
.talk li { display: grid; grid-template-columns: 4.8rem 1.4rem 1fr; padding: .1rem .4rem; border-left: 3px solid transparent; }
.talk time, .talk .soft { color: var(--soft); font-size: .75rem; }
.talk time { text-align: right; padding-right: .8rem; line-height: 1.6; font-variant-numeric: tabular-nums; }
.talk span { white-space: pre-wrap; min-width: 0; }
.talk .client { border-color: var(--client); } .talk .client b { color: var(--client); }
.talk .server { border-color: var(--server); background: var(--tint); } .talk .server b { color: var(--server); }
.talk .fault { border-color: var(--fault); background: var(--fault-tint); } .talk .fault b { color: var(--fault); }
.talk .violation { border-color: var(--violation); } .talk .violation b { color: var(--violation); }
.talk .bad, .talk .bad b { color: var(--fail); } .talk .bad { border-color: var(--fail); }
.talk .judged { border-color: var(--mark); } .talk .judged b, .talk .judged span { color: var(--mark); font-weight: 600; }
.talk .aside { color: var(--soft); }
.talk .gap { display: flex; gap: .6rem; align-items: center; color: var(--soft); font-size: .75rem; padding-left: 5.4rem; }
.talk .gap::after { content: ""; flex: 1; border-top: 1px dashed var(--line); }

.source { margin: .3rem 0; padding: .4rem 0; background: var(--tint); border-radius: 6px; line-height: 1.5;
  list-style: none; }
.source li { display: grid; grid-template-columns: 1.3rem 2rem 1fr; padding: 0 .6rem 0 .4rem; border-left: 3px solid transparent; }
.source i { font-style: normal; } .source b { font-weight: 400; color: var(--soft); user-select: none; -webkit-user-select: none; }
.source code { white-space: pre-wrap; font-size: inherit; } .source small { font-family: system-ui, sans-serif; font-size: .75rem;
  white-space: nowrap; color: var(--mark, var(--fault)); margin-left: .8em; }
.source .played { background: var(--fault-tint); border-color: var(--fault); } .source .played i { color: var(--fault); }
.source .judged { border-color: var(--mark); } .source .judged i { color: var(--mark); }
:target { outline: 2px solid var(--info); outline-offset: 2px; border-radius: 4px; }

@media (max-width: 40rem) {
  header { padding-top: 1.1rem; } header, main { padding-left: .6rem; padding-right: .6rem; }
  .card > summary { grid-template-columns: 1rem 1fr; padding: .6rem .7rem; }
  .card > summary .name { grid-column: 2; }
  .card > div { padding: 0 .7rem .9rem; }
  dl, dl.headers { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .35rem; }
  .talk li { grid-template-columns: 3.9rem 1.2rem 1fr; padding: .1rem .2rem; }
  .talk time { padding-right: .5rem; } .talk .gap { padding-left: 4.2rem; }
}
@media print { body { background: none; } .card { break-inside: avoid-page; } }
)css";
}

}  // namespace mailfault::html
