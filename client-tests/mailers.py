"""The real clients as commands of `mailfault run --cmd client`, and what such a run reports."""
import json
import os
import shlex
import sys
import tempfile

import mailfault

TEXT = ("From: a@example.com\r\nTo: b@example.net\r\nSubject: a test\r\nMessage-ID: <1@client.example>\r\n"
        "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\n\r\nHello.\r\n.a dot\r\n")
SENDER, RECIPIENT = "a@example.com", "b@example.net"
LIMIT = 3  # seconds that a client bears with a step; some scenarios never answer

SMTPLIB = """
import smtplib, sys
host, port, path, limit = sys.argv[1:5]
text = open(path, "rb").read()
with smtplib.SMTP(host, int(port), local_hostname="client.example", timeout=float(limit)) as client:
    if sys.argv[5:]: client.login(*sys.argv[5:])
    client.sendmail("a@example.com", ["b@example.net"], text)
"""


def curl(path, login, limit):
    return ["curl", "-q", "--silent", "--show-error", "--noproxy", "*", "--connect-timeout", str(limit), "--max-time",
            str(limit), "--url", "smtp://{host}:{port}/client.example", "--mail-from", SENDER, "--mail-rcpt",
            RECIPIENT, *(["--user", ":".join(login)] if login else []), "--upload-file", path]


def swaks(path, login, limit):
    return ["swaks", "--server", "{host}", "--port", "{port}", "--helo", "client.example", "--timeout", f"{limit}s",
            "--from", SENDER, "--to", RECIPIENT, "--data", "@" + path,
            *(["--auth", "PLAIN", "--auth-user", login[0], "--auth-password", login[1]] if login else [])]


def msmtp(path, login, limit):
    words = ["msmtp", "--host={host}", "--port={port}", "--domain=client.example", "--tls=off",
             "--set-date-header=off", f"--timeout={limit}", "--from=" + SENDER,
             *(["--auth=plain", "--user=" + login[0], "--passwordeval=echo " + shlex.quote(login[1])] if login
               else ["--auth=off"]), "--", RECIPIENT]
    return ["sh", "-c", f"tr -d '\\r' < {shlex.quote(path)} | exec {shlex.join(words)}"]


def smtplib(path, login, limit):
    return [sys.executable, "-I", "-c", SMTPLIB, "{host}", "{port}", path, str(limit), *(login or ())]


CLIENTS = {"curl": curl, "swaks": swaks, "msmtp": msmtp, "smtplib": smtplib}


def judged(scenarios, client, options=(), login=None, limit=LIMIT, text=TEXT, timeout=90):
    """The runs of the JSON report, one for each scenario: the client sends one message under each."""
    with tempfile.TemporaryDirectory(prefix="mailfault-test-") as folder:
        path, report = os.path.join(folder, "mail.eml"), os.path.join(folder, "report.json")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        status, out, err = mailfault.run(
            "run", *scenarios, "--cmd", "client", "--profile", client, "--messages", "1", "--settle", "500ms",
            "--quiet", "--json", report, *options, "--", *CLIENTS[client](path, login, limit), timeout=timeout,
            env={"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8"})
        if status not in (0, 1):
            raise AssertionError(f"run ended with {status}: {out}{err}")
        with open(report, encoding="utf-8") as file:
            return json.load(file)["runs"]
