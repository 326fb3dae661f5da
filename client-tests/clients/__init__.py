"""Real mail clients. An adapter a client, each with

    NAME                                    as in the table of faults
    find(host)                              the reason why it can't be run here (against this host), or None
    send(host, port, mail, login, timeout, give_up)
                                            one message; a Result

`timeout` is the client's own, in seconds, for each step; None leaves a generous one. `login` is (user, password)
or None. A client that is still there after `give_up` seconds is ended, and its status is "hung".
"""
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass

HANG = 45
GENEROUS = 30  # a step's time where no timeout is wanted: less than HANG, more than a busy machine needs


@dataclass
class Mail:
    text: bytes  # with CRLF
    sender: str = "a@example.com"
    recipients: tuple = ("b@example.net",)


@dataclass
class Result:
    status: object  # the exit status; with smtplib 0 or the name of the exception's class
    output: str
    seconds: float

    def __str__(self):
        return f"status {self.status} after {self.seconds:.2f} s\n{self.output}"


def find_command(name):
    return None if shutil.which(name) else f"{name} is not installed (see tools/packages)"


def run(command, stdin=b"", give_up=HANG):
    """Runs a client with no configuration of the user's and no proxy."""
    with tempfile.TemporaryDirectory(prefix="mailfault-client-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8"}
        began = time.monotonic()
        try:
            done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  env=environment, cwd=home, timeout=give_up)
            status, output = done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            status, output = "hung", late.stdout or b""
        return Result(status, output.decode("utf-8", "replace"), time.monotonic() - began)
