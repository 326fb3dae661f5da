// mailfault for node:test: a mail server with another fault for each test. Needs nothing but Node 18.
//
//   const { faults } = require("./mailfault-node.js");
//   const fault = faults();                                       // at the top of a file of tests
//
//   test("greylisting", async (t) => {
//     const server = await fault(t, "rcpt-450-greylist", { wait: "1s" });   // a scenario, and its parameters
//     await sendMyMail(server.host, server.port);
//     await server.wait({ stored_to: "bob@*", timeout: "5s" });   // else the test fails, and says what came near
//   });
//
// A fourth argument takes `seed`, `time_scale`, `port`, `bounce_to` and `source` (a text). Under `mailfault run --api`
// its server is used; else `mailfault` is started, looked for in PATH or where the environment's MAILFAULT says.
"use strict";
const { spawn, execFile } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const { after, before } = require("node:test");
const { promisify } = require("node:util");

/** What the server didn't do, and why: `status` and the `answer`. */
class ApiError extends Error {
  constructor(status, answer) {
    super([answer.error, answer.remedy, ...(answer.near ?? []), ...(answer.last_events ?? [])].filter(Boolean).join("\n  "));
    Object.assign(this, { status, answer });
  }
}

/** One running scenario: an SMTP server of a test's own at `host` and `port`, with `url`, `user`, `password`. */
class Fault {
  #ask;
  #path;
  constructor(ask, { id, scenario, seed, host, port, ports, url, user, password }) {
    this.#ask = ask;
    this.#path = `/instances/${id}`;
    Object.assign(this, { id, scenario, seed, host, port, ports, url, user, password });
  }
  /** { messages, stored_to, subject, connections, event: { kind, text, count }, timeout }; fails with what came near. */
  wait(wanted = {}) { return this.#ask("POST", `${this.#path}/wait`, wanted); }
  /** What was truly stored, whatever the server replied. */
  async messages({ text = false } = {}) {
    return (await this.#ask("GET", `${this.#path}/messages${text ? "?text=1" : ""}`)).messages;
  }
  /** What was sent back: each with its `text`, its `blocks` of fields, and what became of it. */
  async bounces() { return (await this.#ask("GET", `${this.#path}/bounces?text=1`)).bounces; }
  async journal() { return (await this.#ask("GET", `${this.#path}/journal`)).events; }
  /** How the client took it; { word: "temporary", messages: 1 } tells what only the test knows. */
  verdict(said = {}) { return this.#ask("GET", `${this.#path}/verdict?${new URLSearchParams(said)}`); }
  /** From the beginning, or another fault, at the same port. */
  reset(scenario, params = {}, settings = {}) {
    return this.#ask("POST", `${this.#path}/reset`, { scenario, params, ...settings });
  }
  /** "open", "refused", "dropped" or "silent". */
  door(state, name = "smtp") { return this.#ask("POST", `${this.#path}/doors/${name}`, { state }); }
  close() { return this.#ask("DELETE", this.#path); }
}

/** The API of the `mailfault run --api` that we are under, else of a server of our own until it is closed. */
class Mailfault {
  #process;
  #api;
  static async start(program = process.env.MAILFAULT ?? "mailfault") {
    const server = new Mailfault();
    const { MAILFAULT_API: url, MAILFAULT_API_TOKEN: token } = process.env;
    if (url) {
      server.#api = { url, token };
      return server;
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mailfault-"));
    const ports = path.join(folder, "ports.json");
    try {
      const words = ["serve", "--api", "--api-port", "0", "--quiet", "--port-file", ports];
      server.#process = spawn(program, words, { stdio: ["ignore", "inherit", "inherit"] });
      await promisify(execFile)(program, ["wait-ready", "--port-file", ports]);
      server.#api = JSON.parse(fs.readFileSync(ports, "utf8")).api;
      return server;
    } catch (error) {
      await server.close();
      throw error;
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }
  async fault(scenario, params = {}, settings = {}) {
    const ask = this.ask.bind(this);
    return new Fault(ask, await ask("POST", "/instances", { scenario, params, ...settings }));
  }
  ask(method, target, body) {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${this.#api.token}` };
      const request = http.request(this.#api.url + target, { method, headers, agent: false }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("error", reject).on("data", (part) => (text += part)).on("end", () => {
          const value = text ? JSON.parse(text) : null;
          if (answer.statusCode < 400) resolve(value);
          else reject(new ApiError(answer.statusCode, value));
        });
      });
      request.on("error", reject).end(body && JSON.stringify(body));
    });
  }
  close() {
    return new Promise((resolve) => {
      const { exitCode, signalCode, pid } = this.#process ?? {};
      if (!pid || exitCode !== null || signalCode !== null) return resolve();
      this.#process.once("exit", resolve).kill();
    });
  }
}

/** For a file of tests: one server for all of them. `fault(t, scenario, params, settings)` ends with the test t. */
function faults() {
  let server;
  before(async () => { server = await Mailfault.start(); });
  after(() => server?.close());
  return async (t, scenario, params, settings) => {
    const made = await server.fault(scenario, params, settings);
    t.after(() => made.close());
    return made;
  };
}

module.exports = { ApiError, Fault, Mailfault, faults };
