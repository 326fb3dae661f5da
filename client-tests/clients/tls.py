"""The clients over STARTTLS, with certificates verified against one CA. A client is a class with

    NAME                 as in the tables
    LISTS                whether it can be given revocation lists
    find()               the reason why it can't be run here, or None
    version()            what it calls itself
    talk(port, peer)     connects to 127.0.0.1, begins TLS and, if it can, sends one message; a Talk

A client has no configuration of the user's and its usual settings, but for what `Peer` says.
"""
import atexit
import functools
import json
import os
import queue
import re
import smtplib
import ssl
import subprocess
import sys
import threading
from dataclasses import dataclass

from . import GENEROUS, HANG, find_command, run

ADDRESS = "127.0.0.1"
SENDER, RECIPIENT = "a@example.com", "b@example.net"
TEXT = (f"From: {SENDER}\r\nTo: {RECIPIENT}\r\nSubject: a test\r\nMessage-ID: <1@client.example>\r\n"
        "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\n\r\nHello.\r\n").encode()


@dataclass(frozen=True)
class Peer:
    """Whom the client thinks to talk to: the name that it asks for and checks (None: it came by the address), the
    file of the CA that it trusts, the revocation lists that it looks into, how many seconds it shall bear with a step,
    and when we end it if it doesn't."""
    ca: str
    name: str = "localhost"
    crl: str = None
    limit: int = GENEROUS
    give_up: int = HANG


@dataclass(frozen=True)
class Talk:
    """Whether it did what it was told (or "hung"), its own line about what went wrong ("" if it has none), and all it
    said."""
    done: object
    error: str
    output: str


def quoted(patterns, output):
    """The line that a person would quote of what a client said: the group of the first pattern that is found anywhere
    in it, without the versions of libraries."""
    found = (re.search(pattern, output, re.MULTILINE) for pattern in patterns)
    return next((re.sub(r"OpenSSL/[\d.]+: ", "", each[1].strip()) for each in found if each), "")


def first_number(*command):
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return re.search(r"\d+\.[\d.]*\d", said).group()


class Command:
    """A client that is a program."""
    NAME = ""
    ERRORS = ()  # patterns for the line to quote, the best one first
    LISTS = True
    PROOF = ""  # what it says when TLS is up, if its exit status isn't enough

    def find(self):
        return find_command(self.NAME)

    def version(self):
        return first_number(self.NAME, "--version")

    def words(self, port, peer):
        raise NotImplementedError

    def talk(self, port, peer, stdin=b""):
        result = run(self.words(port, peer), stdin, peer.give_up)
        done = "hung" if result.status == "hung" else result.status == 0 and self.PROOF in result.output
        return Talk(done, quoted(self.ERRORS, result.output), result.output)


class Openssl(Command):
    """`openssl s_client`: says QUIT inside TLS, and waits for the end. The verifier's word is the best of its words."""
    NAME = "openssl"
    PROOF = "CONNECTION ESTABLISHED"
    ERRORS = (r"^verify error:num=\d+:(.*)", r"error:\w+:[^:]*:[^:]*:([^:\n]+)", r"^((?:read|write):errno=\d+)",
              r"^(CONNECTION CLOSED BY SERVER)")

    def version(self):
        return first_number("openssl", "version")

    def words(self, port, peer):
        asked = (["-servername", peer.name, "-verify_hostname", peer.name] if peer.name
                 else ["-noservername", "-verify_ip", ADDRESS])
        return ["openssl", "s_client", "-starttls", "smtp", "-name", "client.example", "-connect", f"{ADDRESS}:{port}",
                "-CAfile", peer.ca, "-no-CApath", "-no-CAstore", "-verify_return_error", "-brief", "-ign_eof", *asked,
                *(["-crl_check", "-CRL", peer.crl] if peer.crl else [])]

    def talk(self, port, peer, stdin=b"QUIT\r\n"):
        return super().talk(port, peer, stdin)


class Gnutls(Command):
    """Takes revocation lists of the CA itself only, not of those below it."""
    NAME = "gnutls-cli"
    LISTS = False
    PROOF = "- Handshake was completed"
    ERRORS = (r"^- Status: (?:The certificate is NOT trusted\. )?(?!The certificate is trusted)(.*)",
              r"^\*\*\* (Received alert .*)", r"^\*\*\* Fatal error: (?!Error in the certificate)(.*)", r"^\*\*\* (.*)",
              r"^(error receiving .*)")

    def words(self, port, peer):
        asked = (["--sni-hostname", peer.name, "--verify-hostname", peer.name] if peer.name
                 else ["--disable-sni", "--verify-hostname", ADDRESS])
        return ["gnutls-cli", "--starttls-proto=smtp", "--x509cafile", peer.ca, *asked, "--port", str(port), ADDRESS]


class Curl(Command):
    NAME = "curl"
    ERRORS = (r"^curl: (.*)",)

    def words(self, port, peer):
        name = peer.name or ADDRESS
        return ["curl", "-q", "--silent", "--show-error", "--noproxy", "*", "--ssl-reqd", "--cacert", peer.ca,
                *(["--crlfile", peer.crl] if peer.crl else []), "--resolve", f"{name}:{port}:{ADDRESS}",
                "--max-time", str(peer.limit), "--url", f"smtp://{name}:{port}/client.example",
                "--mail-from", SENDER, "--mail-rcpt", RECIPIENT, "--upload-file", "-"]

    def talk(self, port, peer, stdin=TEXT):
        return super().talk(port, peer, stdin)


class Swaks(Command):
    """Asks for no name and checks none; it has no revocation lists either."""
    NAME = "swaks"
    LISTS = False
    ERRORS = (r"^\*\*\* TLS startup failed \((.*)\)", r"^<\*\* (.*)", r"^\*\*\* (.*)")

    def words(self, port, peer):
        return ["swaks", "--server", ADDRESS, "--port", str(port), "--helo", "client.example", "--tls", "--tls-verify",
                "--tls-ca-path", peer.ca, "--timeout", f"{peer.limit}s", "--from", SENDER, "--to", RECIPIENT,
                "--data", "-"]

    def talk(self, port, peer, stdin=TEXT):
        return super().talk(port, peer, stdin)


class Msmtp(Command):
    NAME = "msmtp"
    ERRORS = (r"^msmtp: TLS certificate verification failed: The certificate is NOT trusted\. (.*)",
              r"^msmtp: (?!could not send mail)(.*)")

    def words(self, port, peer):
        return ["msmtp", "--host=" + ADDRESS, f"--port={port}", "--domain=client.example", "--tls=on",
                "--tls-starttls=on", "--tls-trust-file=" + peer.ca, "--set-date-header=off", "--auth=off",
                *(["--tls-host-override=" + peer.name] if peer.name else []),
                *(["--tls-crl-file=" + peer.crl] if peer.crl else []), f"--timeout={peer.limit}", "--from=" + SENDER,
                "--", RECIPIENT]

    def talk(self, port, peer, stdin=TEXT.replace(b"\r\n", b"\n")):
        return super().talk(port, peer, stdin)


class Smtplib:
    """Python's smtplib with the context of ssl.create_default_context(), in this process."""
    NAME = "smtplib"
    LISTS = True

    def find(self):
        return None

    def version(self):
        return "Python %d.%d" % sys.version_info[:2]

    def talk(self, port, peer):
        class ToAddress(smtplib.SMTP):
            def _get_socket(self, _, port, timeout):
                return super()._get_socket(ADDRESS, port, timeout)

        try:
            context = ssl.create_default_context(cafile=peer.ca)
            if peer.crl:
                context.load_verify_locations(peer.crl)
                context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
            with ToAddress(peer.name or ADDRESS, port, "client.example", peer.limit) as client:
                client.starttls(context=context)
                client.sendmail(SENDER, [RECIPIENT], TEXT)
        except Exception as error:  # whatever it is, it is the client's word
            said = f"{type(error).__name__}: {error}"
            return Talk(False, re.sub(r" \(_ssl\.c:\d+\)", "", said), said)
        return Talk(True, "", "")


NODEMAILER = r"""
const { createTransport } = require("nodemailer");
const read = require("node:fs").readFileSync;
const lists = (path) => read(path, "utf8").split(/(?<=-----END X509 CRL-----\n)/);
const ciphers = require("node:crypto").constants.defaultCipherList + ":@SECLEVEL=2";
require("node:readline").createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, port, host, servername, ca, crl, limit, text, ...envelope } = JSON.parse(line);
  const tls = { ciphers, ca: read(ca), ...(servername && { servername }), ...(crl && { crl: lists(crl) }) };
  let output = "";
  try {
    await createTransport({ host, port, name: "client.example", requireTLS: true, connectionTimeout: limit,
      greetingTimeout: limit, socketTimeout: limit, tls }).sendMail({ envelope, raw: text });
  } catch (error) {
    output = error.code + ": " + error.message;
  }
  console.log(JSON.stringify({ id, output }));
});
"""


class Nodemailer:
    """Debian's, in one process for all talks, with the security level that Debian's Node has from OpenSSL."""
    NAME = "nodemailer"
    ERRORS = (r"^\w+: \w+:error:\w+:[^:]*:[^:]*:([^:\n]+)", r"^(\w+: .*)")
    LISTS = True
    ENVIRONMENT = {"NODE_PATH": "/usr/share/nodejs"}  # where a Node that isn't Debian's doesn't look

    def __init__(self):
        self._lock, self._process, self._waiting = threading.Lock(), None, {}

    def find(self):
        return find_command("node") or (None if self.version() else
                                        "nodemailer is not installed (node-nodemailer, see tools/packages)")

    @functools.lru_cache
    def version(self):
        return subprocess.run(["node", "-p", "require('nodemailer/package.json').version"],
                              env={**os.environ, **self.ENVIRONMENT}, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout.strip()

    def talk(self, port, peer):
        # A name that can be resolved is left to it: what it makes of that is a part of its column.
        asked = {"host": peer.name} if peer.name == "localhost" else {"host": ADDRESS, "servername": peer.name}
        asked.update(port=port, ca=peer.ca, crl=peer.crl, limit=peer.limit * 1000, text=TEXT.decode(), to=RECIPIENT)
        asked["from"] = SENDER
        answer = queue.SimpleQueue()
        with self._lock:
            if not self._process:
                self._start()
            asked["id"] = len(self._waiting)
            self._waiting[asked["id"]] = answer
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        output = answer.get(timeout=HANG)
        return Talk(not output, quoted(self.ERRORS, output), output)

    def _start(self):
        self._process = subprocess.Popen(["node", "-e", NODEMAILER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True, env={"PATH": os.environ["PATH"], **self.ENVIRONMENT})
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        atexit.register(self._end)

    def _listen(self, answers):
        for line in answers:
            answer = json.loads(line)
            self._waiting[answer["id"]].put(answer["output"])

    def _end(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


ALL = {each.NAME: each for each in (Openssl(), Gnutls(), Curl(), Swaks(), Msmtp(), Smtplib(), Nodemailer())}
NO_MAILERS = ("openssl", "gnutls-cli")  # they only come to see that TLS is up
