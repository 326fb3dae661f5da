// Ten tests of an application that sends mail, each against a server that fails in its own way, all at a time.
//
//   MAILFAULT=build/mailfault node --test client-tests/examples
"use strict";
const assert = require("node:assert/strict");
const { describe, it } = require("node:test");
const { faults } = require("../mailfault-node.js");
const { Outbox } = require("./outbox.js");

describe("outbox", { concurrency: 10 }, () => {
  const fault = faults();

  it("sends a message whole and once", async (t) => {
    const server = await fault(t, "healthy");
    assert.equal(await new Outbox(server).send("bob@example.net", "your order 7"), "sent");
    await server.wait({ stored_to: "bob@*", subject: "*order 7" });
    const [message] = await server.messages({ text: true });
    assert.match(message.text, /\r\n\r\nHello!\r\n$/);
    assert.equal((await server.verdict({ word: "sent", messages: 1 })).verdict, "pass");
  });

  it("logs in", async (t) => {
    const server = await fault(t, "healthy");
    assert.equal(await new Outbox(server).send("bob@example.net", "hello"), "sent");
    await server.wait({ event: { kind: "command", text: "AUTH *" } });
  });

  it("keeps a message while the server is overloaded", async (t) => {
    const server = await fault(t, "banner-421-then-healthy", { times: 2 });
    const outbox = new Outbox(server);
    assert.equal(await outbox.send("bob@example.net", "hello"), "later");
    assert.deepEqual(await outbox.retry(), ["later"]);
    assert.deepEqual(await outbox.retry(), ["sent"]);
    assert.equal((await server.messages()).length, 1);
  });

  it("gives up on an unknown user", async (t) => {
    const server = await fault(t, "rcpt-550-unknown");
    const outbox = new Outbox(server);
    assert.equal(await outbox.send("nobody@example.net", "hello"), "refused");
    assert.deepEqual(outbox.kept, []);
    assert.equal((await server.verdict({ word: "permanent" })).verdict, "pass");
  });

  it("gets through greylisting", async (t) => {
    const server = await fault(t, "rcpt-450-greylist", { wait: "300ms" });
    const outbox = new Outbox(server);
    assert.equal(await outbox.send("bob@example.net", "hello"), "later");
    assert.deepEqual(await outbox.retry(), ["later"], "too early");
    await assert.rejects(server.wait({ timeout: "400ms" }), /no message was stored/);
    assert.deepEqual(await outbox.retry(), ["sent"]);
  });

  it("says that the password is wrong", async (t) => {
    const server = await fault(t, "auth-535");
    const outbox = new Outbox({ ...server, password: "wrong" });
    assert.equal(await outbox.send("bob@example.net", "hello"), "misconfigured");
    assert.deepEqual(outbox.kept, []);
  });

  it("keeps what the server took half of", async (t) => {
    const server = await fault(t, "data-close-mid", { at: "20B" });
    assert.equal(await new Outbox(server).send("bob@example.net", "hello"), "later");
    assert.deepEqual(await server.messages(), []);
  });

  it("waits for a slow greeting", async (t) => {
    const server = await fault(t, "banner-delay-20s", {}, { time_scale: 0.01 });
    assert.equal(await new Outbox(server).send("bob@example.net", "hello"), "sent");
  });

  it("survives a server that is down for a while", async (t) => {
    const server = await fault(t, "healthy");
    await server.door("refused");
    const outbox = new Outbox(server);
    assert.equal(await outbox.send("bob@example.net", "hello"), "later");
    await server.door("open");
    assert.deepEqual(await outbox.retry(), ["sent"]);
    await server.wait({ messages: 1 });
  });

  it("meets a fault of one's own", async (t) => {
    const source = `
      scenario { title = "Mail to the boss is refused on the first try" }
      on.rcpt:to("boss@*"):first(1):reply(450, "4.2.1", "in a meeting")`;
    const server = await fault(t, undefined, {}, { source });
    const outbox = new Outbox(server);
    assert.equal(await outbox.send("bob@example.net", "hello"), "sent");
    assert.equal(await outbox.send("boss@example.net", "a rise"), "later");
    assert.deepEqual(await outbox.retry(), ["sent"]);
    const to = (await server.messages()).map((message) => message.recipients);
    assert.deepEqual(to, [["bob@example.net"], ["boss@example.net"]]);
  });
});
