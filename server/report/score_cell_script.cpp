#include "report/score_pages.hpp"

namespace mailfault::score_pages {

std::string_view cell_script() {
  return R"js("use strict";
// A client under a scenario, by what stands behind the # of the address: CLIENT/SCENARIO. What came from the wire or
// from a client is only ever made text.
globalThis.mailfault = { clients: {}, scenarios: null };
const page = document.getElementById("cell");
const svg_names = new Set(["svg", "line", "rect", "circle", "text", "title"]);

function el(name, attributes, ...inside) {
  const [tag, ...classes] = name.split(".");
  const space = svg_names.has(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const out = document.createElementNS(space, tag);
  if (classes.length) out.setAttribute("class", classes.join(" "));
  for (const [key, value] of Object.entries(attributes || {})) if (value !== null) out.setAttribute(key, value);
  out.append(...there(inside));
  return out;
}
const there = inside => inside.flat(3).filter(each => each !== "" && each !== null && each !== undefined);
const waits = {};
function load(path) {
  return waits[path] ??= new Promise((done, failed) => {
    const script = el("script", { src: path });
    script.onload = done;
    script.onerror = () => failed(new Error(`${path} can't be loaded: is the folder whole?`));
    document.head.append(script);
  });
}

// ---- words

const moment = micros => (micros / 1e6).toFixed(3) + " s";
function in_words(micros) {
  const seconds = micros / 1e6, whole = Math.round(seconds);
  if (seconds < 0.0995) return (seconds * 1000).toFixed(0) + " ms";
  if (seconds < 9.95) return seconds.toFixed(1) + " s";
  return whole < 120 ? whole + " s" : Math.floor(whole / 60) + " min" + (whole % 60 ? ` ${whole % 60} s` : "");
}
const counted = (number, one, several) => `${number} ${number === 1 ? one : several}`;
const marks = { pass: "✔", lax: "◐", info: "i", unmet: "∅", fail: "✖", error: "‼", "not applicable": "–" };
const class_of = name => name.replaceAll(" ", "-");
// Control characters are named; a line's end is one.
const unseen = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
const shown = text => text.replaceAll("\r\n", "\n").replace(/\n$/, "").replace(unseen,
  c => "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0"));
// "RFC 5321 section 3.8" leads there.
function with_sections(text) {
  if (!text) return "";
  const out = [];
  let from = 0;
  for (const found of text.matchAll(/RFC (\d{3,5})(?: section (\d+(?:\.\d+)*))?/g)) {
    const to = `https://www.rfc-editor.org/rfc/rfc${found[1]}` + (found[2] ? `#section-${found[2]}` : "");
    out.push(text.slice(from, found.index), el("a", { href: to, rel: "noreferrer" }, found[0]));
    from = found.index + found[0].length;
  }
  out.push(text.slice(from));
  return out;
}
function list(...rows) {
  const there = rows.filter(([, inside]) => inside && inside.length !== 0);
  const told = there.map(([name, inside]) => [el("dt", null, name), el("dd", null, inside)]);
  return told.length ? el("dl", null, told) : null;
}

// ---- where one can go

const link = (client, row) => `#${client.key}/${encodeURIComponent(row.id)}`;
function table_link() {
  let hash = "";
  try { hash = JSON.parse(sessionStorage.getItem("mailfault.table")).hash; } catch {}
  return "index.html" + hash;
}
function step(client, at, by, wanted) {
  const rows = mailfault.scenarios.rows;
  for (let i = at + by; i >= 0 && i < rows.length; i += by)
    if (client.cells[i] !== "-" && (!wanted || wanted(client.cells[i]))) return link(client, rows[i]);
  return null;
}
function way(client, at) {
  const fails = letter => mailfault.scenarios.looks[letter][0].startsWith("fail");
  const to = (href, text, rel) => href ? el("a", { href, rel }, text) : el("span.off", null, text);
  return el("nav.way", { "aria-label": "pages" }, el("a", { href: table_link() }, "☰ All clients and scenarios"),
    el("span.to", null, to(step(client, at, -1, fails), "« failure before", null),
      to(step(client, at, -1), "‹ previous", "prev"),
      to(step(client, at, 1), "next ›", "next"), to(step(client, at, 1, fails), "next failure »", null)));
}
function badge(letter, text) {
  const [name, mark, word] = mailfault.scenarios.looks[letter];
  return el("span.cell", { class: "cell " + name }, `${mark} ${text || word}`);
}

// ---- the timeline: marks keep a distance, and a wait grows with its logarithm, so that the order of a millisecond and
// a wait of minutes can be seen in one picture

const percent = part => part.toFixed(2) + "%";
const width_of = micros => 1 + 1.5 * Math.max(0, Math.log10(Math.max(micros, 1) / 10000));
function lanes(events) {
  const x = [];
  let end = 0;
  events.forEach((event, i) => x.push(end += i ? width_of(Math.max(0, event.at - events[i - 1].at)) : 0));
  const scale = end ? 96 / end : 0, at = x.map(each => 2 + each * scale), parts = [];
  for (const y of [24, 76]) parts.push(el("line.axis", { x1: 0, x2: "100%", y1: y, y2: y }));
  const free = { above: 0, below: 0 };
  const label = (where, y, name, x, text) => {
    const half = 1.2 * text.length;  // a character is at most 2.4 % of the lane on a telephone
    if (!text || x - half < free[where]) return;
    free[where] = x + half + 1;
    parts.push(el("text", { class: name, x: percent(x), y }, text));
  };
  events.forEach((event, i) => {
    const before = i ? events[i - 1].at : event.at, gap = event.at - before, words = in_words(gap);
    if (gap >= 100000 && at[i] - at[i - 1] >= 2 * words.length)
      parts.push(el("text.wait", { x: percent((at[i] + at[i - 1]) / 2), y: 54 }, words));
    const says = el("title", null, `${moment(event.at)}  ${shown(event.text).slice(0, 200)}`);
    const shape = (tag, name, place, size) => parts.push(el(tag, { class: name, ...place, ...size }, says));
    const square = { width: 8, height: 8 }, here = percent(at[i]);
    const glyph = (y, name, sign) => parts.push(el("text", { class: "mark " + name, x: here, y: y + 5 }, sign, says));
    const code = /^\d{3}/.exec(event.text)?.[0] || "";
    switch (event.kind) {
      case "connected": return shape("circle", "o", { cx: here, cy: 24 }, { r: 4 });
      case "command":
        shape("circle", "c", { cx: here, cy: 24 }, { r: 4 });
        if (event.stage !== "auth") label("above", 12, "c", at[i], event.text.split(" ")[0].slice(0, 8).toUpperCase());
        return;
      case "content":
        shape("rect", "c", { x: here, y: 20 }, { width: "1.2%", height: 8, rx: 2 });
        return label("above", 12, "c", at[i], "body");
      case "reply":
        shape("rect", code >= "400" ? "no sq" : "s sq", { x: here, y: 72 }, square);
        return label("below", 96, "s", at[i], code);
      case "undelivered":
        shape("rect", "lost sq", { x: here, y: 72 }, square);
        return label("below", 96, "s", at[i], code);
      case "fault":
        parts.push(el("line.fl", { x1: here, x2: here, y1: 24, y2: 76 }));
        return shape("rect", "f", { x: here, y: 45 }, { width: 10, height: 10 });
      case "violation": return glyph(36, "v", "▲");
      case "stored": return glyph(62, "s", "▣");
      case "discarded": return glyph(62, "s", "▢");
      case "error": case "limit": return glyph(50, "e", "✖");
      case "ended": {
        const client = event.text.startsWith("client"), server = event.text.startsWith("server");
        return glyph(client ? 24 : server ? 76 : 50, client ? "c" : "s", "✕");
      }
      default: return glyph(50, "wait", "·");
    }
  });
  return el("div.lanes", { role: "img",
    "aria-label": "client and server in turn; the conversation below has all of it" },
    el("div", null, el("span", null, "client"), el("span", null, "server")), el("svg", null, parts));
}

// ---- the conversation, with the findings behind the event at which they were made

const speakers = { command: ["client", "C"], content: ["client", "C"], reply: ["server", "S"],
  undelivered: ["server", "S"],
  fault: ["fault", "◆"], swallowed: ["fault", "◆"], violation: ["violation", "▲"], stored: ["aside", "▣"],
  discarded: ["aside", "▢"], error: ["bad", "✖"], limit: ["bad", "✖"], connected: ["aside", "○"], ended: ["aside", "✕"],
  tls: ["aside", "T"], bounce: ["aside", "↩"], delivery: ["aside", "↩"] };
function talk(events, judged) {
  const out = [];
  const line = (name, time, mark, inside) => out.push(el("li", { class: name },
    el("time", null, time), el("b", null, mark), el("span", null, inside)));
  const findings = [...judged].sort((a, b) => Math.max(a.from, a.to) - Math.max(b.from, b.to));
  events.forEach((event, i) => {
    if (i && event.left_out) out.push(el("li.gap", null, `${counted(event.left_out, "event", "events")} left out`));
    else if (i && event.at - events[i - 1].at >= 500000)
      out.push(el("li.gap", null, in_words(event.at - events[i - 1].at)));
    const [name, mark] = speakers[event.kind] || ["aside", "·"];
    let words = shown(event.text);
    if (event.kind === "ended") words = "ended by the " + words;
    if (event.kind === "tls") words = "TLS " + words;
    if (["connected", "door", "limit"].includes(event.kind)) words = `${event.kind} ${words}`;
    const left = event.kind === "undelivered" ? el("small.soft", null, " the client had left") : "";
    line(name, moment(event.at), mark, [words, left]);
    const next = i + 1 < events.length ? events[i + 1].at : Infinity;
    while (findings.length && Math.max(findings[0].from, findings[0].to) < next) {
      const { verdict, name, seen } = findings.shift();
      line("judged " + class_of(verdict), "", marks[verdict], `${verdict} ${name}: ${seen}`);
    }
  });
  return el("ol.talk", null, out);
}
function connections(of) {
  const by_connection = new Map();
  for (const event of of.events) {
    if (!by_connection.has(event.connection)) by_connection.set(event.connection, []);
    by_connection.get(event.connection).push(event);
  }
  const outside = by_connection.get(0) || [];
  by_connection.delete(0);
  const out = [], told = of.findings.filter(each => each.verdict !== "pass");
  for (const [number, events] of by_connection) {
    const ended = events.at(-1).kind === "ended" ? `, ended by the ${shown(events.at(-1).text)}` : "";
    const judged = told.filter(each => each.connection === number);
    const open = by_connection.size <= 4 || judged.length > 0;
    out.push(el("section.session", { id: "c" + number }, el("h3", null, `Connection ${number} `,
      el("small", null, `${moment(events[0].at)} to ${moment(events.at(-1).at)}${ended}`)),
        events.length > 1 ? lanes(events.slice(0, 120)) : "",
      el("details.fold", open ? { open: "" } : null, el("summary", null,
        `the conversation, ${counted(events.length, "line", "lines")}`),
        talk(events, judged))));
  }
  if (out.length)
    out.unshift(el("p.soft", null,
      "Marks keep a distance and waits are written: not to scale. ● command, ■ reply, □ 4yz or 5yz, " +
      "◆ fault, ▣ stored, ▲ violation, ✕ end"));
  if (outside.length)
    out.push(el("details.fold", null, el("summary", null,
      `outside of connections: ${counted(outside.length, "event", "events")}`),
      talk(outside, [])));
  return out;
}

// ---- the page

function finding(each) {
  const when = each.connection ? `connection ${each.connection}, ${moment(each.from)}` +
    (each.to > each.from ? ` to ${moment(each.to)}` : "") : "";
  const cost = each.severity === "none" ? "" : el("small", null, each.severity);
  return el("section.finding", { class: "finding " + class_of(each.verdict) },
    el("h3", null, el("span.verdict", { class: "verdict " + class_of(each.verdict) },
      `${marks[each.verdict]} ${each.verdict} `),
      each.name, " ", cost),
    list(["expected", shown(each.expected)], ["seen", shown(each.seen)], ["nearest", shown(each.nearest)],
      ["do", each.remedy && el("b", null, shown(each.remedy))], ["rule", each.rule !== each.name && with_sections(each.rule)],
      ["when", when]));
}
function again(command) {
  const pre = el("pre.replay", { tabindex: 0 }, command), button = el("button", { type: "button" }, "Copy");
  button.onclick = async () => {
    getSelection().selectAllChildren(pre);
    try {
      await navigator.clipboard.writeText(command);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => button.textContent = "Copy", 1500);
  };
  return el("div.again", null, pre, button);
}
function said(of) {
  const word = ([word, id, recipient, origin]) => el("div", null, el("b", null, word),
    id && [" of ", el("code", null, shown(id))],
    recipient && [" for ", el("code", null, shown(recipient))], origin && [" ", el("small", null, shown(origin))]);
  const end = of.timed_out ? "ended, since its time was up" : `exit status ${of.exit}`;
  return el("section", null, el("h2", null, "What the client said"), of.ran ?
    list(["its word", of.words.length ? of.words.map(word) : "none"], ["its end", end]) :
    el("p", null, "It wasn’t run."), of.quote ? el("pre", null, shown(of.quote)) : "");
}
function saw(of) {
  const played = of.played ? counted(of.played, "time", "times") : "never";
  const stored = `${counted(of.stored, "message", "messages")}, ${counted(of.copies, "copy", "copies")}`;
  return el("section", null, el("h2", null, "What the server saw"), of.ran ?
    list(["connections", String(of.connections)], ["the failure", `played ${played}`], ["stored", stored],
      ["it came to", of.last_stage], ["took", in_words(of.took)]) : "");
}
function others(client, at) {
  const { clients, rows } = mailfault.scenarios;
  if (clients.length < 2) return "";
  return [el("h2", null, "The same failure, all clients"), el("ul.others", null, clients.map(each => el("li", null,
    each.cells[at] === "-" ? "" : el("a",
      { href: link(each, rows[at]), "aria-current": each === client ? "page" : null },
      badge(each.cells[at]), el("span", null, each.name)))))];
}
function draw(client, at) {
  const row = mailfault.scenarios.rows[at], data = mailfault.clients[client.key], given = data.cases[row.id];
  const began = Math.min(...given.events.map(([at]) => at));  // the server is up before its turn comes
  const of = { ...given,
    events: given.events.map(([at, connection, kind, stage, text]) => ({ at: at - began, connection,
      kind: data.texts[kind], stage: data.texts[stage], text: data.texts[text] })),
    findings: given.findings.map(each => ({ ...each, from: each.from - began, to: each.to - began })) };
  const cut = of.left_out ? of.events[Math.floor(of.events.length / 2)] : null;
  if (cut) cut.left_out = of.left_out;
  const told = of.findings.filter(each => each.verdict !== "pass"),
    passed = of.findings.filter(each => each.verdict === "pass");
  document.title = `${row.id}, ${client.name}: ${of.verdict}`;
  const [look] = mailfault.scenarios.looks[of.look];
  page.replaceChildren(...there([way(client, at),
    el("h1", null, el("small", null, el("code", null, row.id), row.kind), row.title),
    el("div.result", { class: "result " + look.split(" ")[0] }, badge(of.look, of.verdict),
      el("p", null, el("b", null, client.name), of.why ? ": " + shown(of.why) : "")),
    told.map(finding),
    passed.length ? el("details.fold", null,
      el("summary", null, counted(passed.length, "finding passes", "findings pass")),
      el("ul", null, passed.map(each => el("li", null,
        `${each.name}${each.seen ? ": " + shown(each.seen) : ""}`)))) : "",
    el("div.two", null, el("section", null, el("h2", null, "The failure"),
      list(["emulates", row.emulates], ["after", with_sections(row.sources.join(", "))], ["needs", row.needs],
        ["expected", row.outcomes.join(" or ")], ["a correct client", row.does], ["by", with_sections(of.section)],
          ["file", row.path && el("code", null, row.path)])),
      said(of)),
    el("div.two", null, saw(of), of.replay ? el("section", null, el("h2", null, "Play it again"),
      again(of.replay)) : ""),
    of.events.length ? el("h2", null, "The conversation") : "", connections(of), others(client, at), way(client, at)]));
}
function trouble(text) {
  document.title = "mailfault";
  page.replaceChildren(el("p", null, text, " ", el("a", { href: table_link() }, "All clients and scenarios")));
}
let turn = 0;
async function show() {
  const mine = ++turn, slash = location.hash.indexOf("/"), key = location.hash.slice(1, slash);
  let id = location.hash.slice(slash + 1);
  try { id = decodeURIComponent(id); } catch {}
  try {
    await load("data/scenarios.js");
    const client = mailfault.scenarios.clients.find(each => each.key === key);
    const at = mailfault.scenarios.rows.findIndex(each => each.id === id);
    if (slash < 0 || !client || at < 0 || client.cells[at] === "-") return trouble("This table has no such page.");
    await load(`data/${key}.js`);
    if (mine !== turn) return;
    draw(client, at);
    scrollTo(0, 0);
  } catch (error) {
    trouble(error.message);
  }
}
addEventListener("hashchange", show);
addEventListener("keydown", event => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const other = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (rel && !other) page.querySelector(`a[rel=${rel}]`)?.click();
});
show();
)js";
}

}  // namespace mailfault::score_pages
