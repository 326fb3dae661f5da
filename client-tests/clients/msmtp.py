"""msmtp: the exit statuses of sysexits.h; on standard error the server's words."""
import math
import shlex

from . import GENEROUS, HANG, find_command, run

NAME = "msmtp"


def find(host="127.0.0.1"):
    return find_command("msmtp")


def send(host, port, mail, login=None, timeout=None, give_up=HANG):
    command = ["msmtp", "--host=" + host, f"--port={port}", "--domain=client.example", "--tls=off",
               "--set-date-header=off",
               f"--timeout={math.ceil(timeout or GENEROUS)}", "--from=" + mail.sender]
    if login:
        command += ["--auth=plain", "--user=" + login[0], "--passwordeval=echo " + shlex.quote(login[1])]
    else:
        command.append("--auth=off")
    return run(command + ["--", *mail.recipients], mail.text.replace(b"\r\n", b"\n"), give_up)
