"""Logins by real clients, each mechanism apart: the right secret is accepted, the wrong one is refused.

    python3 test_auth.py [Auth.test_CLIENT_MECHANISM]

What the server made of a login is read from its journal: the verdict, the mechanism, whether mail was stored.
"""
import functools
import glob
import json
import os
import re
import shlex
import smtplib
import ssl
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import mailfault
import mailfault_pytest
import postfix
from clients import GENEROUS, Result, find_command, run
from clients.tls import ADDRESS, RECIPIENT, SENDER, TEXT, Nodemailer

AT_ONCE = 4
USER, PASSWORD = "me", "open sesame, \"all\" of it"
IN_CLEAR = {"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"}
SCRAM = {"SCRAM-SHA-1", "SCRAM-SHA-256"}

SOURCE = """
scenario {{ title = "AUTH {mechanism}" }}
{more}
capabilities {{ "+AUTH {offered}" }}
users {{ [{user}] = {password} }}
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")
"""
STARTTLS = 'doors { submission = { port = 587, tls = "starttls", main = true } }'
CERTIFICATE = 'on.handshake:use{ client_certificate = "asked" }'


@dataclass(frozen=True)
class Login:
    """What a client is told: where, by which mechanism, with what. `tls` is of `Files`, None for a talk in clear."""
    port: int
    mechanism: str
    user: str = USER
    password: str = PASSWORD
    tls: object = None
    how: str = ""


@dataclass(frozen=True)
class Files:
    """The CA to trust, and the client's own certificate, made out for USER, with its key."""
    ca: str
    certificate: str


@functools.lru_cache
def said(*command):
    """What a client says about itself."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=GENEROUS, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout


class Swaks:
    MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM")

    def lacks(self, mechanism):
        asked = "Basic AUTH" if mechanism in IN_CLEAR else "AUTH " + mechanism
        why = re.search(rf"^\*\*\* ({asked} not available.*)", said("swaks", "--support"), re.MULTILINE)
        return find_command("swaks") or (why and why[1])

    def log_in(self, it):
        tls = ["--tls", "--tls-verify", "--tls-ca-path", it.tls.ca] if it.tls else []
        return run(["swaks", "--server", ADDRESS, "--port", str(it.port), "--helo", "client.example", *tls,
                    "--auth", it.mechanism, "--auth-user", it.user, "--auth-password", it.password,
                    "--timeout", f"{GENEROUS}s", "--from", SENDER, "--to", RECIPIENT, "--data", "-"], TEXT)


class Curl:
    MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-1",
                  "SCRAM-SHA-256", "EXTERNAL")

    def lacks(self, mechanism):
        if find_command("curl"):
            return find_command("curl")
        feature = "GSASL" if mechanism in SCRAM else mechanism
        built = re.search(rf"^Features:.* {feature}\b", said("curl", "--version"), re.MULTILINE)
        wanted = mechanism in SCRAM or mechanism == "NTLM"
        return f"this curl is built without {feature} (curl --version)" if wanted and not built else None

    def log_in(self, it):
        secret = ["--user", f"{it.user}:{it.password}"]
        if "OAUTH" in it.mechanism:
            secret = ["--user", it.user, "--oauth2-bearer", it.password]
        elif it.mechanism == "EXTERNAL":
            secret = ["--user", it.user + ":", "--cert", it.tls.certificate]
        tls = ["--ssl-reqd", "--cacert", it.tls.ca] if it.tls else []
        return run(["curl", "-q", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(GENEROUS), *tls,
                    "--url", f"smtp://{ADDRESS}:{it.port}/client.example", *secret, "--login-options",
                    "AUTH=" + it.mechanism, *(["--sasl-ir"] if it.how == "initial response" else []),
                    "--mail-from", SENDER, "--mail-rcpt", RECIPIENT, "--upload-file", "-"], TEXT)


class Msmtp:
    MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-1",
                  "SCRAM-SHA-256", "EXTERNAL")

    def lacks(self, mechanism):
        if find_command("msmtp"):
            return find_command("msmtp")
        listed = re.search(r"^Supported authentication methods:\n(.*)$", said("msmtp", "--version"), re.MULTILINE)
        has = listed and mechanism.lower() in listed[1].split()
        return None if has else f"this msmtp has no {mechanism} (msmtp --version)"

    def log_in(self, it):
        secret = ["--user=" + it.user]
        if it.mechanism != "EXTERNAL":
            secret.append("--passwordeval=printf %s " + shlex.quote(it.password))
        tls = ["--tls=on", "--tls-starttls=on", "--tls-trust-file=" + it.tls.ca] if it.tls else ["--tls=off"]
        if it.mechanism == "EXTERNAL":
            tls += ["--tls-cert-file=" + it.tls.certificate, "--tls-key-file=" + it.tls.certificate]
        return run(["msmtp", "--host=" + ADDRESS, f"--port={it.port}", "--domain=client.example", *tls, "--auth=" +
                    it.mechanism.lower(), *secret, "--set-date-header=off", f"--timeout={GENEROUS}", "--from=" + SENDER,
                    "--", RECIPIENT], TEXT.replace(b"\r\n", b"\n"))


class Gsasl:
    """Logs in and leaves: it sends no mail."""
    MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "SCRAM-SHA-1", "SCRAM-SHA-256",
                  "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "EXTERNAL", "ANONYMOUS")
    SENDS = False

    def lacks(self, mechanism):
        has = not find_command("gsasl") and mechanism in said("gsasl", "--client-mechanisms", "--smtp").split()
        return find_command("gsasl") or (None if has else f"this gsasl has no {mechanism} (gsasl --client-mechanisms)")

    def log_in(self, it):
        # Not --starttls: with that it says STARTTLS before EHLO.
        tls = ["--x509-ca-file=" + it.tls.ca] if it.tls else ["--no-starttls"]
        secret = [f"--authentication-id={it.user}", f"--password={it.password}"]
        if it.mechanism == "EXTERNAL":
            tls += ["--x509-cert-file=" + it.tls.certificate, "--x509-key-file=" + it.tls.certificate]
            secret = [f"--authorization-id={it.user}"]
        elif it.mechanism == "ANONYMOUS":
            secret = [f"--anonymous-token={it.user}"]
        if it.how == "TLS 1.2":
            tls.append("--priority=NORMAL:-VERS-ALL:+VERS-TLS1.2")
        return run(["gsasl", "--smtp", f"--connect=localhost:{it.port}", "--mechanism=" + it.mechanism, *tls, *secret,
                    "--realm=", "--quality-of-protection=qop-auth", "--verbose"])


class Smtplib:
    MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")

    def lacks(self, mechanism):
        has = hasattr(smtplib.SMTP, "auth_" + mechanism.lower().replace("-", "_"))
        return None if has else f"this smtplib has no {mechanism}"

    def log_in(self, it):
        try:
            with smtplib.SMTP(ADDRESS, it.port, "client.example", GENEROUS) as client:
                if it.tls:
                    client.starttls(context=ssl.create_default_context(cafile=it.tls.ca))
                client.login(it.user, it.password, initial_response_ok=it.how != "no initial response")
                client.sendmail(SENDER, [RECIPIENT], TEXT)
        except smtplib.SMTPException as error:
            return Result(type(error).__name__, repr(error), 0)
        return Result(0, "", 0)


NODEMAILER = r"""
const [port, method, user, pass, ca, from, to] = process.argv.slice(1);
const auth = method === "XOAUTH2" ? { type: "OAuth2", user, accessToken: pass } : { user, pass };
const tls = ca ? { requireTLS: true, tls: { ca: require("node:fs").readFileSync(ca) } } : { ignoreTLS: true };
require("nodemailer").createTransport({ host: "localhost", port, name: "client.example", authMethod: method, auth,
  ...tls })
  .sendMail({ from, to, text: "Hello." })
  .catch((error) => { console.log(error.code + ": " + error.message); process.exitCode = 1; });
"""


class NodemailerLogin:
    MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2")

    def lacks(self, _):
        return Nodemailer().find()

    def log_in(self, it):
        return run(["env", *(f"{name}={value}" for name, value in Nodemailer.ENVIRONMENT.items()), "node", "-e",
                    NODEMAILER, str(it.port), it.mechanism, it.user, it.password, it.tls.ca if it.tls else "", SENDER,
                    RECIPIENT])


class PostfixLogin:
    MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
    PLUGINS = "/usr/lib/*/sasl2/lib{}.so"

    def lacks(self, mechanism):
        plugin = "scram" if mechanism in SCRAM else mechanism.lower().replace("-", "")
        has = glob.glob(self.PLUGINS.format(plugin))
        return postfix.lacks() or (None if has else f"Cyrus SASL has no {mechanism} here (libsasl2-modules)")

    def log_in(self, it):
        tls = {"smtp_tls_security_level": "secure", "smtp_tls_CAfile": it.tls.ca,
               "smtp_tls_secure_cert_match": "hostname"} if it.tls else {}
        with postfix.Postfix(it.port, "localhost", (it.user, it.password), smtp_sasl_mechanism_filter=it.mechanism,
                             **tls) as client:
            client.send(TEXT, SENDER, [RECIPIENT])
            status, line = mailfault.wait_until(client.results, GENEROUS, "a result of Postfix's")[0]
            return Result(int(status != "sent"), line, 0)


CLIENTS = {"swaks": Swaks(), "curl": Curl(), "msmtp": Msmtp(), "gsasl": Gsasl(), "smtplib": Smtplib(),
           "nodemailer": NodemailerLogin(), "postfix": PostfixLogin()}
ALSO = [("curl", "PLAIN", "initial response"), ("curl", "LOGIN", "initial response"),
        ("curl", "XOAUTH2", "initial response"), ("curl", "OAUTHBEARER", "initial response"),
        ("curl", "NTLM", "initial response"), ("gsasl", "SCRAM-SHA-1-PLUS", "TLS 1.2"),
        ("gsasl", "SCRAM-SHA-256-PLUS", "TLS 1.2"), ("smtplib", "PLAIN", "no initial response"),
        ("smtplib", "LOGIN", "no initial response")]
ROWS = [(name, mechanism, "") for name, client in CLIENTS.items() for mechanism in client.MECHANISMS] + ALSO
FALSE_SERVERS = [(name, mechanism, scenario) for name in ("msmtp", "gsasl") for mechanism in sorted(SCRAM)
                 for scenario in ("auth-scram-nonce", "auth-scram-signature")]
BY_TLS = IN_CLEAR | {"EXTERNAL", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"}


# Clients that leave when they are told a token's error, and don't wait for the refusal.
LEAVE_EARLY = {("curl", "XOAUTH2")}


class Auth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        cls.addClassCleanup(folder.cleanup)
        whole, ca, own = (os.path.join(folder.name, name) for name in ("ca-with-key.pem", "ca.pem", "own.pem"))
        os.environ["MAILFAULT_OPT_CA_FILE"] = whole
        cls.addClassCleanup(os.environ.pop, "MAILFAULT_OPT_CA_FILE")
        os.environ.pop("MAILFAULT_API", None)  # that server would have another CA
        for words in (["ca", "-o", ca], ["no_eku", "--key", "--chain", "--host", USER, "-o", own]):
            status, _, wrong = mailfault.run("certs", *words)
            if status:
                raise AssertionError(f"certs {words[0]}: {wrong}")
        cls.files = Files(ca, own)
        cls.server = mailfault_pytest.Mailfault(mailfault.PROGRAM)
        cls.addClassCleanup(cls.server.close)
        pool = ThreadPoolExecutor(AT_ONCE)
        cls.addClassCleanup(pool.shutdown, cancel_futures=True)
        cls.begun = {(row, right): pool.submit(cls.meet, row, right) for row in ROWS for right in (True, False)
                     if not CLIENTS[row[0]].lacks(row[1]) and (right or row[1] != "ANONYMOUS")}

    @classmethod
    def meet(cls, row, right):
        """One login: what the client said of it, and the server's events."""
        name, mechanism, how = row
        by_tls = mechanism in BY_TLS
        wrong = {"EXTERNAL": {"user": "you"}, "NTLM": {"user": "you"}}.get(mechanism, {"password": PASSWORD + "?"})
        offered = f"{mechanism[:-5]} {mechanism}" if mechanism.endswith("-PLUS") else mechanism
        more = [STARTTLS] * by_tls + [CERTIFICATE] * (mechanism == "EXTERNAL")
        source = SOURCE.format(mechanism=mechanism, offered=offered, user=json.dumps(USER),
                               password=json.dumps(PASSWORD), more="\n".join(more))
        fault = cls.server.fault(source=source)
        try:
            result = CLIENTS[name].log_in(Login(fault.port, mechanism, tls=cls.files if by_tls else None, how=how,
                                                **({} if right else wrong)))
            fault.wait(event={"kind": "ended"}, timeout="20s")
            return result, fault.journal()
        finally:
            fault.close()

    def check(self, row):
        lacks = CLIENTS[row[0]].lacks(row[1])
        if lacks:
            self.skipTest(lacks)
        self.check_right(row)
        if row[1] != "ANONYMOUS":  # which has no secret
            self.check_wrong(row)

    def outcome(self, row, right):
        result, events = self.begun[row, right].result()
        verdicts = [event["code"] for event in events if event["kind"] == "reply" and event["stage"] == "auth"
                    and event["code"] != 334]
        told = [event["text"] for event in events if event["kind"] == "fact"
                and event["text"].startswith(row[1] + ": ")]
        stored = sum(event["kind"] == "stored" for event in events)
        wire = "\n".join(f"{event['kind']}: {event.get('code', '')} {event.get('text', '')}" for event in events)
        violations = [event["text"] for event in events if event["kind"] == "violation"]
        return result, verdicts, told, stored, violations, f"{result}\n{wire}"

    def check_right(self, row):
        result, verdicts, told, stored, violations, wire = self.outcome(row, True)
        self.assertEqual(verdicts, [235], wire)
        self.assertIn(row[1] + ": right", told, wire)
        self.assertEqual(stored, int(getattr(CLIENTS[row[0]], "SENDS", True)), wire)
        self.assertEqual(violations, [], wire)
        self.assertEqual(result.status, 0, wire)
        if row[1].endswith("-PLUS"):
            self.assertIn("p=tls-unique," if row[2] == "TLS 1.2" else "p=tls-exporter,", " ".join(told), wire)
        self.assertNotIn(PASSWORD, wire.replace(result.output, ""))

    def check_wrong(self, row):
        result, verdicts, told, stored, _, wire = self.outcome(row, False)
        self.assertTrue(set(verdicts) == {535} or not verdicts and row[:2] in LEAVE_EARLY, wire)
        self.assertTrue(any(text.startswith(row[1] + ": refused, ") for text in told), wire)
        self.assertEqual(stored, 0, wire)
        self.assertNotEqual(result.status, 0, wire)


class Scram(unittest.TestCase):
    """Who doesn't know the password is found out by the client: no mail for a false server."""

    @classmethod
    def setUpClass(cls):
        cls.server = mailfault_pytest.Mailfault(mailfault.PROGRAM)
        cls.addClassCleanup(cls.server.close)

    def check(self, row):
        name, mechanism, scenario = row
        lacks = CLIENTS[name].lacks(mechanism)
        if lacks:
            self.skipTest(lacks)
        fault = self.server.fault(scenario)
        self.addCleanup(fault.close)
        result = CLIENTS[name].log_in(Login(fault.port, mechanism, mailfault.USER, mailfault.PASSWORD))
        fault.wait(event={"kind": "ended"}, timeout="20s")
        events = fault.journal()
        told = f"{result}\n{json.dumps(events, indent=1)}"
        self.assertTrue(any(event["kind"] == "fault" for event in events), told)
        self.assertNotEqual(result.status, 0, told)
        self.assertFalse([event for event in events if event.get("code") == 235 or event["kind"] == "stored"], told)


def add_tests(case, rows):
    for row in rows:
        setattr(case, "test_" + re.sub(r"\W+", "_", "_".join(filter(None, row))), lambda self, row=row: self.check(row))


add_tests(Auth, ROWS)
add_tests(Scram, FALSE_SERVERS)

if __name__ == "__main__":
    unittest.main()
