// nodemailer; with --pool its pooled transport, which keeps its connections, and sends side by side
// where the scenario needs that.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { setTimeout: pause } = require("node:timers/promises");
module.paths.push("/usr/share/nodejs"); // Debian's, for a Node that isn't
const { createTransport } = require("nodemailer");

const env = process.env;
const pool = process.argv.includes("--pool");
const count = Number(env.MAILFAULT_MESSAGES);
const recipients = env.MAILFAULT_RECIPIENTS.split(" ");
const limit = Number(env.MAILFAULT_TIMEOUT) * 1000;
const names = JSON.parse(fs.readFileSync(path.join(__dirname, "profile.json"))).names;

const transport = createTransport({
  host: env.SMTP_HOST, port: Number(env.SMTP_PORT), name: "client.example", pool,
  secure: env.MAILFAULT_TLS === "implicit", requireTLS: env.MAILFAULT_TLS === "starttls",
  ...(env.MAILFAULT_CA && { tls: { ca: fs.readFileSync(env.MAILFAULT_CA) } }),
  ...(env.MAILFAULT_AUTH && { auth: { user: env.SMTP_USER, pass: env.SMTP_PASSWORD } }),
  connectionTimeout: limit, greetingTimeout: limit, socketTimeout: limit,
});

// By the reply code that the error has, else by its `code` (or message, where it has none), as the profile has it.
function wordOf(error) {
  const code = error.responseCode ?? 0;
  if (code >= 400 && code < 600) {
    return [525, 530, 534, 535, 538].includes(code) ? "misconfigured" : code < 500 ? "temporary" : "permanent";
  }
  return names[error.code ?? error.message] ?? "failed";
}

// Of a message, or of a recipient of it. What is true of all of them, its exit status and output say.
function tell(...words) {
  if (words[0] !== "sent") process.exitCode = 1;
  if (words.length < 3 && count === 1) return;
  fs.appendFileSync(env.MAILFAULT_REPORT, words.join(" ") + "\n");
}

async function send(number) {
  const raw = fs.readFileSync(path.join(env.MAILFAULT_MAIL, `${number}.eml`));
  const id = /^Message-ID:\s*(<.*?>)/im.exec(raw.toString("latin1"))[1];
  const tellEach = (refused) => {
    for (const each of refused) tell(wordOf(each), id, each.recipient);
  };
  try {
    const { rejected, rejectedErrors } = await transport.sendMail({
      envelope: { from: env.MAILFAULT_SENDER, to: recipients }, raw });
    if (rejected?.length) {
      tellEach(rejectedErrors);
      for (const each of recipients) if (!rejected.includes(each)) tell("sent", id, each);
    } else {
      tell("sent", id);
    }
  } catch (error) {
    console.error(`${error.code ?? "Error"}: ${error.message}`);
    if (error.rejectedErrors) tellEach(error.rejectedErrors);
    else tell(wordOf(error), id);
  }
}

// As a script does it: nothing else keeps the process alive, so it ends where a promise is never settled.
(async () => {
  const idle = Number(env.MAILFAULT_IDLE || 0) * 1000;
  if (pool && /\bconnections=/.test(env.MAILFAULT_NEEDS)) {
    await Promise.all(Array.from({ length: count }, (_, i) => send(i + 1)));
  } else {
    for (let number = 1; number <= count; ++number) {
      if (number > 1) await pause(idle);
      await send(number);
    }
  }
  transport.close();
})();
