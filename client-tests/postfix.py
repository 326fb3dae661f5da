"""Postfix as a client: a relay with a configuration, a queue and a log of its own under a temporary folder.

    python3 postfix.py PORT [--within SECONDS] [--from SENDER] [--to RECIPIENT]... [NAME=VALUE]... < MESSAGE

sends one message to that port of loopback, waits for what becomes of it, prints the log, and leaves with 0 (sent),
69 (bounced) or 75 (not yet sent when the time is up; it had been tried again meanwhile). NAME=VALUE is a setting of
main.cf. In Python:

    with Postfix(port, smtp_tls_security_level="encrypt") as postfix:
        postfix.send(text, "a@example.com", ["b@example.net"])
        lines = postfix.wait("sent")

It is what tools/test unpacks in build/unpacked, never installed; its master must be root. What it would send back (a
bounce) is thrown away once it is logged, so that the server sees the mail and nothing else. A message that is refused
for now is tried again after 1 s.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import mailfault

PREFIX = os.path.join(os.path.dirname(os.path.abspath(mailfault.PROGRAM)), "unpacked", "postfix", "usr")
DAEMONS = os.path.join(PREFIX, "lib", "postfix", "sbin")
LIBRARIES = os.path.join(PREFIX, "lib", "postfix")
OWNER, GROUP = "mail", "uucp"  # of every Debian: Postfix wants two of which nothing else of it has either
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private",
          "public", "saved", "trace")
# service, type, private, processes, command: none listens to the network
SERVICES = (("postlog", "unix-dgram", "n", "1", "postlogd"), ("pickup", "unix", "n", "1", "pickup"),
            ("cleanup", "unix", "n", "0", "cleanup"), ("qmgr", "unix", "n", "1", "qmgr"),
            ("tlsmgr", "unix", "y", "1", "tlsmgr"), ("rewrite", "unix", "y", "-", "trivial-rewrite"),
            ("bounce", "unix", "y", "0", "bounce"), ("defer", "unix", "y", "0", "bounce"),
            ("trace", "unix", "y", "0", "bounce"), ("proxymap", "unix", "y", "-", "proxymap"),
            ("smtp", "unix", "y", "-", "smtp"), ("error", "unix", "y", "-", "error"),
            ("retry", "unix", "y", "-", "error"), ("discard", "unix", "y", "-", "discard"),
            ("scache", "unix", "y", "1", "scache"))
DELIVERY = re.compile(r"postfix/(?:smtp|error|qmgr)\[\d+\]: \w+: .*\bstatus=(\w+)")


def lacks():
    """Why Postfix can't be run here, or None."""
    if not os.path.exists(os.path.join(DAEMONS, "master")):
        return "Postfix is not here; tools/test unpacks it"
    if os.geteuid():
        return "Postfix's master must be root"
    return None


class Postfix:
    """`settings` are of main.cf; `login` is (user, password) for AUTH. Stopped at the end of a `with`."""

    def __init__(self, port, host="127.0.0.1", login=None, **settings):
        self.relay = f"[{host}]:{port}"
        self.login = login
        self.settings = settings
        self.folder = None
        self.master = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="mailfault-postfix-")
        try:
            os.chmod(self.folder, 0o755)
            self.configure()
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            print(f"\n--- Postfix\n{self.log()}", file=sys.stderr)
        self.stop()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(file.name, mode)

    def configure(self):
        for queue in QUEUES:
            os.makedirs(self.path("queue", queue), 0o700)
            shutil.chown(self.path("queue", queue), OWNER)
        for queue, mode in (("maildrop", 0o730), ("public", 0o710)):
            shutil.chown(self.path("queue", queue), group=GROUP)
            os.chmod(self.path("queue", queue), mode)
        os.mkdir(self.path("queue", "pid"))
        os.mkdir(self.path("data"))
        shutil.chown(self.path("data"), OWNER)
        settings = {
            "compatibility_level": "3.6", "queue_directory": self.path("queue"), "data_directory": self.path("data"),
            "command_directory": os.path.join(PREFIX, "sbin"), "daemon_directory": DAEMONS,
            "shlib_directory": LIBRARIES, "meta_directory": self.folder, "mail_owner": OWNER, "setgid_group": GROUP,
            "maillog_file": self.path("log"), "maillog_file_prefixes": self.folder,
            "import_environment": "MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH",
            "export_environment": "MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH",
            "inet_interfaces": "loopback-only", "inet_protocols": "ipv4", "smtp_host_lookup": "native",
            "myhostname": "client.example", "mydestination": "", "alias_maps": "", "alias_database": "",
            "relayhost": self.relay, "sender_dependent_default_transport_maps": "inline:{ <>=discard: }",
            "smtp_tls_security_level": "none", "queue_run_delay": "1s", "minimal_backoff_time": "1s",
            "maximal_backoff_time": "1s", "transport_retry_time": "1s", "smtp_connection_reuse_time_limit": "300s",
            "smtp_destination_concurrency_failed_cohort_limit": "100"}
        if self.login:
            self.write("login", f"{self.relay} {':'.join(self.login)}\n", 0o600)
            settings |= {"smtp_sasl_auth_enable": "yes", "smtp_sasl_password_maps": "texthash:" + self.path("login"),
                         "smtp_sasl_security_options": "noanonymous"}
        settings |= self.settings
        self.write("main.cf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
        self.write("master.cf", "".join(f"{name} {kind} {private} - n - {processes} {command}\n"
                                        for name, kind, private, processes, command in SERVICES))

    def environment(self):
        return {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": LIBRARIES, "MAIL_CONFIG": self.folder, "LC_ALL": "C"}

    def start(self):
        said = open(self.path("said"), "w+b")
        with said:
            self.master = subprocess.Popen([os.path.join(DAEMONS, "master"), "-c", self.folder, "-d"],
                                           env=self.environment(), stdin=subprocess.DEVNULL, stdout=said,
                                           stderr=said, start_new_session=True)

        def ready():
            if self.master.poll() is not None:
                raise AssertionError(f"Postfix ended with {self.master.returncode}: {self.log()}")
            return os.path.exists(self.path("queue", "public", "pickup")) and "daemon started" in self.log()
        mailfault.wait_until(ready, what="Postfix")

    def stop(self):
        """Ends the master, whatever it started, and the folder."""
        if self.master:
            for how in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self.master.pid, how)
                    self.master.wait(5)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    pass
            self.master = None
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def send(self, text, sender="a@example.com", recipients=("b@example.net",), words=()):
        """Puts one message into the queue. `text` is bytes, with CRLF or LF; `words` are options of sendmail."""
        done = subprocess.run([os.path.join(PREFIX, "sbin", "sendmail"), "-C", self.folder, "-i", "-f", sender, *words,
                               "--", *recipients], input=text.replace(b"\r\n", b"\n"), env=self.environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
        if done.returncode:
            raise AssertionError(f"sendmail left with {done.returncode}: {done.stdout.decode()}{self.log()}")

    def log(self):
        """What Postfix has written so far, its complaints at the start first."""
        text = ""
        for name in ("said", "log"):
            if os.path.exists(self.path(name)):
                with open(self.path(name), encoding="utf-8", errors="replace") as file:
                    text += file.read()
        return text

    def results(self):
        """(status, line) of each delivery that was tried, a recipient each: "sent", "deferred" or "bounced"."""
        return [(match[1], line) for line in self.log().splitlines() if (match := DELIVERY.search(line))]

    def wait(self, status, count=1, within=30):
        """The log's lines with that status, as soon as there are so many."""
        def found():
            lines = [line for seen, line in self.results() if seen == status]
            return lines if len(lines) >= count else None
        return mailfault.wait_until(found, within, f"{count} status={status} of Postfix")


def main():
    options = argparse.ArgumentParser(description="One message by Postfix, from standard input.")
    options.add_argument("port", type=int)
    options.add_argument("settings", nargs="*", metavar="NAME=VALUE")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--within", type=float, default=30)
    options.add_argument("--from", dest="sender", default="a@example.com")
    options.add_argument("--to", action="append", help="may be given again; b@example.net by default")
    asked = options.parse_args()
    if lacks():
        sys.exit(lacks())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that Postfix is stopped, too
    recipients = asked.to or ["b@example.net"]
    with Postfix(asked.port, asked.host, **dict(word.split("=", 1) for word in asked.settings)) as postfix:
        postfix.send(sys.stdin.buffer.read(), asked.sender, recipients)
        deadline = time.monotonic() + asked.within
        final = []
        while len(final) < len(set(recipients)) and time.monotonic() < deadline:
            time.sleep(mailfault.POLL)
            final = [status for status, _ in postfix.results() if status != "deferred"]
        print(postfix.log(), end="")
    sys.exit(69 if "bounced" in final else 0 if len(final) == len(set(recipients)) else 75)


if __name__ == "__main__":
    main()
