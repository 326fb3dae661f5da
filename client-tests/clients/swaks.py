"""swaks: an exit status for each stage (swaks(1), EXIT CODES). Its output is the whole session."""
import functools
import math
import subprocess

from . import GENEROUS, HANG, find_command, run

NAME = "swaks"


@functools.lru_cache
def find(host="127.0.0.1"):
    reason = find_command("swaks")
    if not reason and ":" in host and subprocess.run(["perl", "-MIO::Socket::INET6", "-e1"], stderr=subprocess.DEVNULL
                                                     ).returncode:
        reason = "swaks lacks IO::Socket::INET6 (libio-socket-inet6-perl)"
    return reason


def send(host, port, mail, login=None, timeout=None, give_up=HANG):
    command = ["swaks", "--server", host, "--port", str(port), "--helo", "client.example",
               "--timeout", f"{math.ceil(timeout or GENEROUS)}s",
               "--from", mail.sender, "--to", ",".join(mail.recipients), "--data", "-"]
    if ":" in host:
        command.append("-6")
    if login:
        command += ["--auth", "PLAIN", "--auth-user", login[0], "--auth-password", login[1]]
    return run(command, mail.text, give_up)
