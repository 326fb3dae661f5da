"""Mail clients with the log that each writes of itself: what a customer sends us. A client is a class with

    NAME
    KEYS               whether it can be made to write the secrets of its TLS
    find()             the reason why it can't be run here, or None
    play(port, mail)   sends to 127.0.0.1, with a `Sending`; its exit status and its log
    complaint(log)     the lines in which it says what went wrong
"""
import atexit
import contextlib
import io
import json
import os
import queue
import re
import smtplib
import ssl
import subprocess
import threading
from dataclasses import dataclass

from . import find_command

ADDRESS, SENDER, PASSWORD = "127.0.0.1", "alice@corp.example", "hunter2secret"
RECIPIENTS = ("bob@partner.example", "carol@partner.example", "dave@partner.example")
TEXT = (f"From: {SENDER}\r\nTo: {RECIPIENTS[0]}\r\nSubject: Quarterly figures\r\n"
        "Message-ID: <42@corp.example>\r\n\r\nThe secret figures are 17 and 4.\r\n")


@dataclass(frozen=True)
class Sending:
    """What a client is told to do. `folder` has mail.txt; `limit` is how many seconds it bears with a step."""
    folder: str
    ca: str = None  # the CA's file: STARTTLS is asked for, and it must come
    keys: str = None  # the file for the secrets of TLS
    login: tuple = None
    recipients: tuple = RECIPIENTS[:1]
    messages: int = 1
    limit: int = 20


class Command:
    """One that is a program. `AGAIN`: for several messages it is run as often."""
    KEYS, AGAIN = True, True

    def find(self):
        return find_command(self.NAME)

    def play(self, port, mail):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
                       **({"SSLKEYLOGFILE": mail.keys} if mail.keys else {})}
        statuses, log = [], ""
        with open(os.path.join(mail.folder, "mail.txt"), encoding="utf-8", newline="") as file:
            text = file.read()
        for _ in range(mail.messages if self.AGAIN else 1):
            try:
                done = subprocess.run(self.words(port, mail), cwd=mail.folder, input=text, text=True, timeout=25,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                                      errors="replace")
            except subprocess.TimeoutExpired as late:
                return statuses + ["hung"], log + (late.stdout or b"").decode("utf-8", "replace")
            statuses.append(done.returncode)
            log += done.stdout
        return statuses, log

    def complaint(self, log):
        return [line for line in log.splitlines() if re.match(self.COMPLAINT, line)]


class Swaks(Command):
    NAME, KEYS, COMPLAINT = "swaks", False, r"\*\*\* "

    def words(self, port, mail):
        return ["swaks", "--server", ADDRESS, "--port", str(port), "--from", SENDER, "--to", ",".join(mail.recipients),
                "--ehlo", "laptop.corp.example", "--data", "@mail.txt", "--timeout", f"{mail.limit}s",
                *(["--tls", "--tls-verify", "--tls-ca-path", mail.ca] if mail.ca else []),
                *(["--auth", "PLAIN", "-au", mail.login[0], "-ap", mail.login[1]] if mail.login else [])]


class Curl(Command):
    NAME, AGAIN, COMPLAINT = "curl", False, r"curl: \("

    def words(self, port, mail):
        one = ["--noproxy", "*", f"smtp://{ADDRESS}:{port}/laptop.corp.example", "--mail-from", SENDER,
               "--mail-rcpt-allowfails", *(word for each in mail.recipients for word in ("--mail-rcpt", each)),
               "-T", "mail.txt", "--max-time", str(mail.limit + 1),
               *(["--ssl-reqd", "--cacert", mail.ca] if mail.ca else []),
               *(["-u", ":".join(mail.login)] if mail.login else [])]
        return ["curl", "-q", "-sSv", *(one + ["--next"]) * (mail.messages - 1), *one]


class Msmtp(Command):
    NAME, COMPLAINT = "msmtp", r"msmtp: "

    def words(self, port, mail):
        return ["msmtp", "-C", "/dev/null", "--host=" + ADDRESS, f"--port={port}", "--from=" + SENDER, "--debug",
                "--domain=laptop.corp.example", f"--timeout={mail.limit}", "--set-date-header=off",
                *(["--tls=on", "--tls-starttls=on", "--tls-trust-file=" + mail.ca] if mail.ca else ["--tls=off"]),
                *(["--auth=plain", "--user=" + mail.login[0], "--passwordeval=echo " + mail.login[1]] if mail.login
                  else ["--auth=off"]), "--", *mail.recipients]


class Smtplib:
    """In this process; as in a program that shows why it ends, the error is the log's last line."""
    NAME, KEYS = "smtplib", True

    def find(self):
        return None

    def play(self, port, mail):
        log = io.StringIO()

        class Logged(smtplib.SMTP):
            def _print_debug(self, *words):
                print(*words, file=log)

        with open(os.path.join(mail.folder, "mail.txt"), encoding="utf-8", newline="") as file:
            text = file.read()
        client = Logged(timeout=mail.limit)
        try:
            client.set_debuglevel(1)
            client.connect(ADDRESS, port)
            client.ehlo("laptop.corp.example")
            if mail.ca:
                context = ssl.create_default_context(cafile=mail.ca)
                if mail.keys:
                    context.keylog_filename = mail.keys
                client.starttls(context=context)
                client.ehlo("laptop.corp.example")
            if mail.login:
                client.login(*mail.login)
            for _ in range(mail.messages):
                if refused := client.sendmail(SENDER, mail.recipients, text):
                    print("refused:", refused, file=log)
            client.quit()
        except Exception as error:  # whatever it is, it is the client's word
            print(f"{type(error).__name__}: {error}", file=log)
            return [1], log.getvalue()
        finally:
            with contextlib.suppress(OSError):
                client.close()
        return [0], log.getvalue()

    def complaint(self, log):
        return [line for line in log.splitlines()[-1:] if not re.match(r"send: |reply: ", line)]


NODEMAILER = r"""
const { createTransport } = require("nodemailer");
const { AsyncLocalStorage } = require("node:async_hooks");
const { format } = require("node:util");
const read = require("node:fs").readFileSync;
const talk = new AsyncLocalStorage();
const say = console.log;
console.log = (...words) => { talk.getStore().log += format(...words) + "\n"; };
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, port, host, ca, login, limit, text, messages, ...envelope } = JSON.parse(line);
  const mine = { id, status: 0, log: "" };
  talk.run(mine, async () => {
    const transport = createTransport({ host, port, name: "laptop.corp.example", debug: true, logger: true,
      pool: messages > 1, maxConnections: 1, connectionTimeout: limit, greetingTimeout: limit, socketTimeout: limit,
      auth: login ? { user: login[0], pass: login[1] } : undefined,
      ...(ca ? { requireTLS: true, tls: { ca: read(ca) } } : { ignoreTLS: true }) });
    for (let count = 0; count < messages; ++count) {
      try {
        await transport.sendMail({ envelope, raw: text });
      } catch (error) {
        mine.status = 1;
        console.log("%s: %s", error.code, error.message);
      }
    }
    transport.close();
    say(JSON.stringify(mine));
  });
});
"""


class Nodemailer:
    """Debian's, in one process for all that is sent."""
    NAME, KEYS = "nodemailer", True
    ENVIRONMENT = {"NODE_PATH": "/usr/share/nodejs", "TZ": "UTC"}

    def __init__(self):
        self._lock, self._process, self._waiting = threading.Lock(), None, {}

    def find(self):
        known = subprocess.run(["node", "-e", "require('nodemailer')"], env={**os.environ, **self.ENVIRONMENT},
                               stderr=subprocess.DEVNULL, check=False) if not find_command("node") else None
        return None if known and known.returncode == 0 else "node-nodemailer is not installed (see tools/packages)"

    def play(self, port, mail):
        with open(os.path.join(mail.folder, "mail.txt"), encoding="utf-8", newline="") as file:
            asked = {"text": file.read(), "host": ADDRESS, "port": port, "ca": mail.ca, "login": mail.login,
                     "limit": mail.limit * 1000, "messages": mail.messages, "from": SENDER, "to": mail.recipients}
        answer = queue.SimpleQueue()
        with self._lock:
            if not self._process:
                self._start(mail.keys)
            asked["id"] = len(self._waiting)
            self._waiting[asked["id"]] = answer
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        done = answer.get(timeout=60)
        return [done["status"]], done["log"]

    def complaint(self, log):
        return [line for line in log.splitlines() if re.match(r"E[A-Z]+: |undefined: ", line)]

    def _start(self, keys):
        self._process = subprocess.Popen(
            ["node", *(["--tls-keylog=" + keys] if keys else []), "-e", NODEMAILER], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={"PATH": os.environ["PATH"], **self.ENVIRONMENT})
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        atexit.register(self._end)

    def _listen(self, answers):
        for line in answers:
            answer = json.loads(line)
            self._waiting[answer["id"]].put(answer)

    def _end(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


CLIENTS = [Swaks(), Curl(), Msmtp(), Smtplib(), Nodemailer()]
