#include "report/score_pages.hpp"

namespace mailfault::score_pages {

// Behind html::style(), whose colours, marks, findings, lanes and conversations these pages have, too.
std::string_view style() {
  return R"css(
[hidden] { display: none !important; }
:root { --strong: #a83200; --on-strong: #fff; --shade: 0 1px 2px #0001, 0 4px 14px #0000000d; }
@media (prefers-color-scheme: dark) { :root { --strong: #d9591f; --on-strong: #17110d; --shade: none; } }
.none { --mark: var(--none); }
header, .cards, .legend, footer { max-width: 90rem; margin-left: auto; margin-right: auto; padding-left: 1.5rem;
  padding-right: 1.5rem; }
h1 { font-size: clamp(1.45rem, 1.1rem + 1.6vw, 2.1rem); }
.lead { max-width: 46rem; color: var(--soft); }
em { font-style: normal; }

.grade { display: inline-grid; place-content: center; min-width: 1.7em; height: 1.7em; padding: 0 .3em;
  border-radius: .35em;
  font-weight: 700; line-height: 1; color: var(--mark); border: 2px solid var(--mark); }
.gA, .gB { --mark: var(--pass); } .gC { --mark: var(--lax); } .gD, .gE, .gF { --mark: var(--fail); }
.gA { background: var(--pass); border-color: var(--pass); color: var(--page); }
.gE, .gF { background: var(--strong); border-color: var(--strong); color: var(--on-strong); }
.gnone { --mark: var(--none); }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17.5rem, 1fr)); gap: 1rem; margin-top: 1.25rem;
  margin-bottom: 1rem; align-items: start; }
.scored { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem .7rem;
  box-shadow: var(--shade); min-width: 0; }
.scored h2 { display: flex; gap: .8rem; align-items: center; margin: 0 0 .75rem; font-size: 1.1rem; line-height: 1.25; }
.scored h2 .grade { font-size: 1.5rem; flex: none; }
.scored h2 > span:last-child { min-width: 0; overflow-wrap: anywhere; }
.scored h2 em { display: block; font-size: .85rem; font-weight: 400; color: var(--soft); }
.scored pre { margin: .4rem 0; overflow-wrap: anywhere; }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; overflow: hidden; background: var(--tint); }
.bar rect { fill: var(--mark); } .bar .pass { opacity: .55; } .bar .not-applicable { opacity: .35; }
.bar .info, .bar .lax, .bar .unmet { opacity: .8; }
.costs, .counts { list-style: none; display: flex; flex-wrap: wrap; margin: .65rem 0 0; padding: 0; gap: .35rem; }
.costs a { display: block; text-decoration: none; padding: .1rem .55rem; border-radius: 99px; font-size: .85rem;
  border: 1px solid var(--fail); color: var(--fail); }
.costs a.mail-lost, .costs a.mail-doubled, .costs a.secret-leaked { background: var(--strong);
  border-color: var(--strong);
  color: var(--on-strong); }
.counts { gap: .1rem .9rem; font-size: .85rem; color: var(--soft); }
.counts a { text-decoration: none; } .counts a span { color: var(--mark); } .counts i, .legend i { font-style: normal; }
.counts b { color: var(--ink); font-weight: 600; }
.costs a:hover, .counts a:hover { text-decoration: underline; }
.scored .fold { margin-top: .5rem; } .scored .fold p { font-size: .875rem; }
.scored .once { margin: .6rem 0 0; font-size: .85rem; }
.legend { margin-bottom: .75rem; } .legend > summary { font-size: .9rem; }
.legend dl { grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: .3rem 1.5rem; margin: .5rem 0; }
.legend dl > div { display: grid; grid-template-columns: 6.4rem 1fr; gap: .7rem; align-items: start;
  font-size: .875rem; }

.board { display: flex; flex-direction: column; height: 100vh; height: 100dvh; background: var(--page);
  border-top: 1px solid var(--line); }
.filters { padding: .7rem 1.5rem .5rem; font-size: .875rem; }
.filters .row { display: flex; flex-wrap: wrap; gap: .5rem .7rem; align-items: center; }
.filters input[type=search], .filters select, .filters button { font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--line); border-radius: 7px; padding: .35rem .6rem; min-width: 0; }
.filters input[type=search] { flex: 1 1 15rem; max-width: 24rem; } .filters select { flex: 0 1 13rem; }
.filters button { cursor: pointer; } .filters button:hover { border-color: var(--ink); }
.filters :focus-visible, .box:focus-visible { outline: 2px solid var(--info); outline-offset: 1px; }
.shown { margin: 0 0 0 auto; color: var(--soft); font-variant-numeric: tabular-nums; }
.more > summary { cursor: pointer; color: var(--soft); padding: .25rem 0; display: none; }
.more { margin-top: .5rem; } .many .more { margin-top: .15rem; } .many .more > summary { display: list-item; }
fieldset { display: flex; flex-wrap: wrap; gap: .3rem .35rem; align-items: center; border: 0; margin: 0 0 .3rem;
  padding: 0;
  min-width: 0; }
legend { float: left; color: var(--soft); padding: 0 .3rem 0 0; min-width: 4rem; }
.filters label { display: inline-flex; gap: .4rem; align-items: center; padding: .1rem .6rem;
  border: 1px solid var(--line);
  border-radius: 99px; background: var(--paper); cursor: pointer; white-space: nowrap; }
.filters label:hover { border-color: var(--soft); }
.filters label input { position: absolute; opacity: 0; pointer-events: none; }
.filters label i { font-style: normal; } .filters label span { color: var(--mark, var(--ink)); }
.filters label b { font-weight: 500; color: var(--soft); font-variant-numeric: tabular-nums; }
.filters label b:empty { display: none; }
.filters label:has(:checked) { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink);
  background: var(--tint); }
.filters label:has(:focus-visible) { outline: 2px solid var(--info); outline-offset: 1px; }
.filters label.zero:not(:has(:checked)) { opacity: .45; }

.box { flex: 1; min-height: 0; overflow: auto; border-top: 1px solid var(--line); background: var(--paper); }
table { border-collapse: separate; border-spacing: 0; font-size: .8125rem; line-height: 1.35; min-width: 100%; }
th { font-weight: 400; text-align: left; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--tint); padding: .4rem .4rem .45rem;
  vertical-align: bottom;
  border-bottom: 1px solid var(--line); border-left: 1px solid var(--line); min-width: 6.1rem; }
thead th:first-child { left: 0; z-index: 3; border-left: 0; padding-left: 1.5rem; width: 38rem; }
thead th b { display: block; font-weight: 650; overflow-wrap: anywhere; }
thead th small { display: block; font-size: .72rem; overflow-wrap: anywhere; }
thead .grade { font-size: .75rem; margin-top: .15rem; border-width: 1.5px; }
/* Whole pixels: a sticky cell lies on the line below it otherwise. */
tbody th[scope=row] { position: sticky; left: 0; z-index: 1; background: var(--paper); padding: 4px .7rem 4px 1.5rem;
  line-height: 17px;
  min-width: 30rem; border-bottom: 1px solid var(--line); }
tbody th b { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-weight: 600;
  font-size: .78rem; overflow-wrap: anywhere; }
tbody th span { color: var(--soft); }
tbody th[scope=row] span { display: block; width: 0; min-width: 100%; font-size: .76rem; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.kind th { background: var(--tint); padding: 7px 0; line-height: 20px; border-bottom: 1px solid var(--line); }
.kind th > span { position: sticky; left: 1.5rem; font-weight: 650; color: var(--ink); font-size: .875rem; }
td { border-bottom: 1px solid var(--line); border-left: 1px solid var(--line); padding: 0; height: 1px;
  color: var(--mark);
  text-align: left; }
td.none { text-align: center; color: var(--soft); }
td a { display: flex; align-items: center; height: 100%; min-height: 34px; padding: 0 .5rem; text-decoration: none;
  color: var(--mark); white-space: nowrap; }
td a:hover { text-decoration: underline; }
td a:focus-visible { outline-offset: -3px; border-radius: 2px; outline-color: var(--ink); }
td.pass a { opacity: .8; }
td.fail, .cell.fail { background: color-mix(in srgb, var(--fail) 13%, var(--paper)); font-weight: 600; }
td.blemish.fail, .cell.blemish { background: var(--paper); font-weight: 400; }
td.lax, td.unmet, .cell.lax, .cell.unmet { background: color-mix(in srgb, var(--mark) 8%, var(--paper)); }
.fail.mail-lost, .fail.mail-doubled, .fail.secret-leaked { --solid: var(--strong); }
td.fail.mail-lost, td.fail.mail-doubled, td.fail.secret-leaked, .cell.mail-lost, .cell.mail-doubled,
  .cell.secret-leaked {
  background: var(--strong); color: var(--on-strong); --mark: var(--on-strong); }
td.error { background: var(--tint); }
td.dim { background: none !important; --mark: var(--soft) !important; font-weight: 400; } td.dim a { opacity: .38; }
td.why { padding: 4px .8rem; line-height: 17px; color: var(--soft); overflow-wrap: anywhere; }
thead th.why { width: 60%; min-width: 16rem; }
tbody tr:hover > td, tbody tr:hover > th[scope=row] { box-shadow: inset 0 0 0 99px #8881; }
.nothing { padding: 2rem 1.5rem; color: var(--soft); }
.cell { display: inline-block; padding: .1rem .5rem; border-radius: 4px; color: var(--mark); font-size: .8125rem;
  border: 1px solid color-mix(in srgb, var(--mark) 30%, transparent); white-space: nowrap; }

#cell { max-width: 70rem; padding-top: 1rem; padding-bottom: 4rem; }
.way { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; align-items: center; font-size: .875rem; color: var(--soft);
  border-bottom: 1px solid var(--line); padding-bottom: .7rem; margin-bottom: 1.1rem; }
.way a { white-space: nowrap; } .way span.to { margin-left: auto; display: flex; flex-wrap: wrap; gap: .3rem 1rem; }
.way .off { opacity: .4; }
#cell h1 { font-size: clamp(1.25rem, 1rem + 1.2vw, 1.75rem); margin-bottom: .5rem; }
#cell h1 { margin: 0 0 .8rem; overflow-wrap: anywhere; }
#cell h1 small { display: block; margin-bottom: .35rem; letter-spacing: 0; line-height: 1.4; }
#cell h1 code { font-size: .85rem; color: var(--ink); margin-right: .8em; }
.way:last-child { border: 0; border-top: 1px solid var(--line); margin: 2rem 0 0; padding: .7rem 0 0; }
#cell h2 { font-size: 1.02rem; margin: 1.7rem 0 .55rem; }
.result { display: flex; gap: .5rem .9rem; flex-wrap: wrap; align-items: center; background: var(--paper);
  border: 1px solid
  var(--line); border-left: 5px solid var(--mark); border-radius: 8px; padding: .75rem 1rem; }
.result .cell { font-size: 1rem; padding: .15rem .7rem; font-weight: 650; }
.result p { margin: 0; flex: 1 1 20rem; min-width: 0;
  overflow-wrap: anywhere; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; } .two > section { min-width: 0; }
#cell dl { grid-template-columns: 7rem 1fr; } #cell dd { overflow-wrap: anywhere; }
#cell .finding { background: var(--paper); } #cell .finding h3 small { margin-left: .4rem; }
.lanes .axis { stroke: var(--line); }
.again { display: flex; gap: .5rem; align-items: flex-start; } .again pre { flex: 1; min-width: 0; }
.again button { font: inherit; font-size: .85rem; color: inherit; background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 7px; padding: .45rem .8rem; cursor: pointer; } .again button:hover { border-color: var(--ink); }
.others { list-style: none; margin: 0; padding: 0; display: grid; gap: .35rem;
  grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
.others a { display: flex; gap: .6rem; align-items: center; text-decoration: none; padding: .3rem .5rem;
  border-radius: 6px; }
.others a:hover { background: var(--tint); } .others .cell { min-width: 6.2rem; }
.others [aria-current] { background: var(--tint); font-weight: 650; }

@media (max-width: 50rem) {
  header, .cards, .legend, footer, .filters { padding-left: .8rem; padding-right: .8rem; }
  .two { grid-template-columns: 1fr; }
  .legend dl { grid-template-columns: 1fr; } .legend dl > div { grid-template-columns: 6rem 1fr; }
  .more > summary { display: list-item; } .more { margin-top: .2rem; } .more[open] { max-height: 45vh; overflow: auto; }
  .filters input[type=search] { flex-basis: 100%; max-width: none; }
  .filters { padding-top: .5rem; padding-bottom: .2rem; }
  .filters .row { gap: .4rem; } .filters select { flex: 1 1 9rem; } .shown { margin: 0; }
  fieldset legend { min-width: 100%; }
  thead th:first-child { padding-left: .7rem; } .kind th > span { left: .7rem; }
  tbody th[scope=row] { width: 9.5rem; min-width: 9.5rem; padding: 4px .5rem 4px .7rem; }
  tbody th[scope=row] span { white-space: normal; display: -webkit-box; -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    font-size: .7rem; line-height: 14px; }
  thead th { min-width: 5.4rem; } thead th:first-child { width: 9.5rem; }
  #cell dl { grid-template-columns: 1fr; } .again { flex-direction: column; } .again pre { width: 100%; }
  .way span.to { margin-left: 0; width: 100%; }
}
@media print { .board { height: auto; display: block; } .box { overflow: visible; } .filters { display: none; }
  thead th, tbody th[scope=row] { position: static; } }
)css";
}

}  // namespace mailfault::score_pages
