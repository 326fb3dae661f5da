// The application of the examples: it sends mail through a server, and tries again later what it should.
"use strict";
const net = require("node:net");

/** One message over one connection. Rejects with an error that has the reply's `code`, 0 if there was none. */
async function deliver({ host, port, user, password }, to, subject) {
  const socket = net.connect(port, host);
  socket.on("error", () => {}).setEncoding("utf8").setTimeout(10000, () => socket.destroy());
  const lines = (async function* () {
    let text = "";
    for await (const part of socket) {
      text += part;
      for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) yield text.slice(0, end).trimEnd();
    }
  })();
  const failed = (message, code) => Object.assign(new Error(message), { code });
  const ask = async (line) => {
    if (line !== undefined) socket.write(line + "\r\n");
    for (;;) {
      const { value, done } = await lines.next().catch(() => ({ done: true }));
      if (done) throw failed("the server hung up", 0);
      if (value[3] === "-") continue;
      const code = Number(value.slice(0, 3));
      if (code >= 400) throw failed(value, code);
      return value;
    }
  };
  try {
    await ask();
    await ask("EHLO shop.example");
    if (user) {
      try {
        await ask("AUTH PLAIN " + Buffer.from(`\0${user}\0${password}`).toString("base64"));
      } catch (error) {
        throw Object.assign(error, { login: error.code >= 500 });
      }
    }
    await ask("MAIL FROM:<shop@example.com>");
    await ask(`RCPT TO:<${to}>`);
    await ask("DATA");
    await ask(`From: shop@example.com\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHello!\r\n.`);
    socket.write("QUIT\r\n"); // what comes of it changes nothing: the message is the server's
  } finally {
    socket.end();
    setTimeout(() => socket.destroy(), 1000).unref();
  }
}

class Outbox {
  kept = [];
  constructor(server) { this.server = server; }
  /** "sent", "later" (it is kept), "refused" (for good: somebody has to look at it) or "misconfigured". */
  async send(to, subject) {
    try {
      await deliver(this.server, to, subject);
      return "sent";
    } catch (error) {
      if (error.login) return "misconfigured";
      if (error.code >= 500) return "refused";
      this.kept.push([to, subject]);
      return "later";
    }
  }
  /** Tries what is kept once more; the answers. */
  async retry() {
    const due = this.kept.splice(0);
    return Promise.all(due.map(([to, subject]) => this.send(to, subject)));
  }
}

module.exports = { Outbox };
