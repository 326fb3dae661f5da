#include "report/score_pages.hpp"

namespace mailfault::score_pages {

std::string_view index_script() {
  return R"js("use strict";
// The table filtered. What is chosen stands behind the # of the address: a link shows the same to others.
const form = document.querySelector(".filters"), box = document.querySelector(".box"),
  more = document.querySelector(".more");
const told = form.querySelector(".shown"), reset = form.querySelector("button");
const heads = [...document.querySelectorAll("thead th[data-client]")];
const clients = heads.map(head => head.dataset.client);
const severities = [...form.querySelectorAll("[name=severity]")].map(each => each.value);
const rows = [...document.querySelectorAll("tbody tr[data-in]")].map(row => {
  const cells = [...row.children].slice(1, 1 + clients.length).map(td => ({
    td, verdict: td.classList[0], severity: severities.find(each => td.classList.contains(each)) || "",
    look: td.className, off: false }));
  const words = [row.dataset.in, row.firstChild.title, row.firstChild.textContent];
  for (const { td } of cells) words.push(td.firstChild.title || "");
  return { row, cells, kind: row.parentNode.dataset.kind, folder: row.dataset.in,
    text: words.join("\n").toLowerCase() };
});
const bodies = [...document.querySelectorAll("tbody")].map(body => ({ body, kind: body.dataset.kind,
  number: body.querySelector("small") }));
const many = new Intl.NumberFormat("en");

const several = ["verdict", "severity", "client"];
function chosen() {
  const data = new FormData(form);
  const out = { q: data.get("q").trim().toLowerCase(), group: data.get("group"), differ: data.has("differ") };
  for (const key of several) out[key] = new Set(data.getAll(key));
  out.words = out.q.split(/\s+/).filter(word => word);
  return out;
}

function matches(row, want, except) {
  if (except !== "group" && want.group) {
    const [sort, name] = [want.group.slice(0, want.group.indexOf(":")), want.group.slice(want.group.indexOf(":") + 1)];
    if ((sort === "kind" ? row.kind : row.folder) !== name) return false;
  }
  if (!want.words.every(word => row.text.includes(word))) return false;
  if (!want.differ) return true;
  const there = row.cells.filter((cell, i) => want.shown[i] && cell.verdict !== "none");
  return there.some(cell => cell.verdict + cell.severity !== there[0].verdict + there[0].severity);
}
const hit = (cell, want, except) => cell.verdict !== "none" &&
  (except === "verdict" || !want.verdict.size || want.verdict.has(cell.verdict)) &&
  (except === "severity" || !want.severity.size || want.severity.has(cell.severity));

function apply() {
  const want = chosen();
  want.shown = clients.map(key => !want.client.size || want.client.has(key));
  const choosy = want.verdict.size || want.severity.size;
  const counts = { verdict: {}, severity: {} }, groups = {}, kinds = {};
  let seen = 0, results = 0;
  for (const row of rows) {
    const shown = row.cells.filter((cell, i) => want.shown[i]);
    const found = shown.filter(cell => hit(cell, want));
    const visible = matches(row, want) && (found.length > 0 || !choosy && shown.length > 0);
    if (matches(row, want, "group") && (found.length > 0 || !choosy))
      for (const group of ["kind:" + row.kind, "in:" + row.folder]) groups[group] = (groups[group] || 0) + 1;
    if (matches(row, want))
      for (const cell of shown) {
        if (hit(cell, want, "verdict")) counts.verdict[cell.verdict] = (counts.verdict[cell.verdict] || 0) + 1;
        if (hit(cell, want, "severity")) counts.severity[cell.severity] = (counts.severity[cell.severity] || 0) + 1;
      }
    if (row.row.hidden === visible) row.row.hidden = !visible;
    if (!visible) continue;
    kinds[row.kind] = (kinds[row.kind] || 0) + 1;
    ++seen;
    results += found.length;
    row.cells.forEach((cell, i) => {
      const off = Boolean(choosy) && want.shown[i] && !hit(cell, want);
      if (cell.off !== off) cell.td.classList.toggle("dim", cell.off = off);
    });
  }
  heads.forEach((head, i) => {
    if (head.hidden === !want.shown[i]) return;
    head.hidden = !want.shown[i];
    for (const row of rows) row.cells[i].td.hidden = head.hidden;
  });
  for (const each of bodies) {
    each.body.hidden = !kinds[each.kind];
    each.number.textContent = kinds[each.kind] || 0;
  }
  for (const key of ["verdict", "severity"])
    for (const input of form.querySelectorAll(`[name=${key}]`)) {
      const number = counts[key][input.value] || 0;
      input.parentNode.querySelector("b").textContent = many.format(number);
      input.parentNode.classList.toggle("zero", number === 0);
    }
  for (const option of form.elements.group.options) {
    option.dataset.name ??= option.textContent;
    if (option.value) option.textContent = `${option.dataset.name} (${groups[option.value] || 0})`;
  }
  told.textContent = `${many.format(seen)} of ${many.format(rows.length)} scenarios, ` +
    `${many.format(results)} ${results === 1 ? "result" : "results"}`;
  document.querySelector(".nothing").hidden = seen > 0;
  reset.hidden = hash() === "";
  const number = several.reduce((sum, key) => sum + want[key].size, 0);
  more.firstChild.textContent = number ? `filter: ${number} chosen` : "filter";
  rove();
}

// ---- the address

function hash() {
  const want = chosen(), out = new URLSearchParams();
  for (const key of several) if (want[key].size) out.set(key, [...want[key]].join(","));
  for (const key of ["group", "q"]) if (want[key]) out.set(key, want[key]);
  if (want.differ) out.set("differ", "1");
  const text = out.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? "#" + text : "";
}
function from_address() {
  const given = new URLSearchParams(location.hash.slice(1));
  form.reset();
  for (const key of several) {
    const values = (given.get(key) || "").split(",");
    for (const input of form.querySelectorAll(`[name=${key}]`)) input.checked = values.includes(input.value);
  }
  form.elements.q.value = given.get("q") || "";
  if (form.elements.differ) form.elements.differ.checked = given.has("differ");
  form.elements.group.value = given.get("group") || "";
  if (form.elements.group.selectedIndex < 0) form.elements.group.value = "";
  apply();
}
let pending = 0;
form.addEventListener("input", () => {
  clearTimeout(pending);
  pending = setTimeout(() => {
    apply();
    history.replaceState(null, "", location.pathname + location.search + hash());
    box.scrollTop = 0;
  }, 60);
});
form.addEventListener("submit", event => event.preventDefault());
reset.addEventListener("click", () => {
  history.replaceState(null, "", location.pathname + location.search);
  from_address();
});
addEventListener("hashchange", () => {
  from_address();
  box.scrollTop = 0;
  document.querySelector(".board").scrollIntoView();
});

// ---- the keyboard: one cell is in the order of Tab, the arrows go on from it

let current = null;
function rove(to) {
  if (!to && current && !current.closest("[hidden]")) return;
  to ??= box.querySelector("tr:not([hidden]) > td:not([hidden]) > a");
  if (current) current.tabIndex = -1;
  current = to;
  if (to) to.tabIndex = 0;
}
for (const link of box.querySelectorAll("td > a")) link.tabIndex = -1;
box.addEventListener("focusin", event => { if (event.target.matches("td > a")) rove(event.target); });
box.addEventListener("keydown", event => {
  const td = event.target.closest("td");
  if (!td || event.ctrlKey || event.metaKey || event.altKey) return;
  const along = (from, step) => {
    for (let next = step(from); next; next = step(next))
      if (!next.hidden && next.matches("td") && next.querySelector("a")) return next;
  };
  const visible = rows.filter(each => !each.row.hidden), at = visible.findIndex(each => each.row === td.parentNode);
  const column = visible[at].cells.findIndex(cell => cell.td === td);
  const down = number => visible[Math.min(Math.max(at + number, 0), visible.length - 1)].cells[column].td;
  const to = { ArrowRight: () => along(td, each => each.nextElementSibling),
    ArrowLeft: () => along(td, each => each.previousElementSibling), ArrowDown: () => down(1), ArrowUp: () => down(-1),
    PageDown: () => down(12), PageUp: () => down(-12), Home: () => down(-rows.length),
      End: () => down(rows.length) }[event.key];
  if (!to) return;
  event.preventDefault();
  to()?.querySelector("a")?.focus();
});
addEventListener("keydown", event => {
  if (event.key === "/" && !event.target.closest("input, select")) {
    event.preventDefault();
    form.elements.q.focus();
  }
});

// ---- there and back: where a browser keeps nothing for pages of files, the table begins at its top

const kept = "mailfault.table";
addEventListener("pagehide", () => {
  try {
    sessionStorage.setItem(kept, JSON.stringify({ hash: location.hash, left: box.scrollLeft, top: box.scrollTop,
      page: scrollY, cell: current?.getAttribute("href") }));
  } catch {}
});
function go_back() {
  let was = null;
  try { was = JSON.parse(sessionStorage.getItem(kept)); } catch {}
  if (!was || was.hash !== location.hash) return location.hash && document.querySelector(".board").scrollIntoView();
  const link = [...box.querySelectorAll("td > a")].find(each => each.getAttribute("href") === was.cell);
  if (link && !link.closest("[hidden]")) rove(link);
  box.scrollTo(was.left, was.top);
  scrollTo(0, was.page);
}

form.hidden = false;
more.open = innerWidth > 800;
from_address();
go_back();
)js";
}

}  // namespace mailfault::score_pages
