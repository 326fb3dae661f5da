"""curl: one exit status for each kind of failure (curl(1), EXIT CODES); reads the message from a file, with CRLF."""
import tempfile

from . import GENEROUS, HANG, find_command, run

NAME = "curl"


def find(host="127.0.0.1"):
    return find_command("curl")


def send(host, port, mail, login=None, timeout=None, give_up=HANG):
    limit = str(timeout or GENEROUS)
    name = f"[{host}]" if ":" in host else host
    with tempfile.NamedTemporaryFile(prefix="mailfault-mail-") as file:
        file.write(mail.text)
        file.flush()
        command = ["curl", "-q", "--silent", "--show-error", "--noproxy", "*",
                   "--connect-timeout", limit, "--max-time", limit,
                   "--url", f"smtp://{name}:{port}/client.example", "--mail-from", mail.sender]
        for recipient in mail.recipients:
            command += ["--mail-rcpt", recipient]
        if login:
            command += ["--user", ":".join(login)]
        return run(command + ["--upload-file", file.name], give_up=give_up)
