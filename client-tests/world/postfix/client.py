"""Postfix as a relay client: an instance of its own in a temporary folder, with short back-offs, which relays all mail
to the server. What its log says of each recipient is its word; a bounce of its own is thrown away.

    client.py [--version]

It is unpacked in build/unpacked, never installed, and must be run by root, as its master must."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
USR = os.path.join(ROOT, "build", "unpacked", "postfix", "usr")
LIBRARIES = os.path.join(USR, "lib", "postfix")
CACHED = 2  # seconds, as is usual
# So many failures of a recipient, or so many seconds, and it is called deferred. Back-offs of whole seconds can't be seen
# to grow, as those of five minutes do: there is no third try.
TRIES, PATIENCE = 2, 15

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {libraries}/sbin
command_directory = {usr}/sbin
meta_directory = {folder}/config
mail_owner = mail
setgid_group = games
import_environment = MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH={libraries}
export_environment = MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH={libraries}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_protocols = all
myhostname = client.example
mydestination =
alias_maps =
notify_classes =
sender_dependent_default_transport_maps = inline:{{ {{<> = discard:}} }}
relayhost = [{host}]:{port}
smtp_host_lookup = native
smtp_connection_cache_destinations = {cached}
smtp_connection_cache_time_limit = {cache_time}s
in_flow_delay = 0
smtp_destination_concurrency_limit = {connections}
smtp_destination_concurrency_failed_cohort_limit = 0
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 8s
smtp_tls_security_level = {level}
smtp_tls_CAfile = {ca}
smtp_tls_wrappermode = {implicit}
smtp_sasl_auth_enable = {auth}
smtp_sasl_password_maps = static:{login}
smtp_sasl_security_options = noanonymous
"""
STEPS = ("connect", "helo", "starttls", "mail", "rcpt", "data_init", "data_xfer", "data_done", "rset", "quit")
MASTER = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def configure(adapter, folder):
    os.makedirs(os.path.join(folder, "config"))
    for name in ("data", *("queue/" + each for each in (
            "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid", "private",
            "public", "saved", "trace"))):
        os.makedirs(os.path.join(folder, name))
        os.chown(os.path.join(folder, name), *((0, 0) if name == "queue/pid" else (8, 60)))  # mail, games
    needs = re.search(r"\bconnections=(\d+)", os.environ.get("MAILFAULT_NEEDS", ""))
    values = dict(folder=folder, connections=needs[1] if needs else 1, usr=USR, libraries=LIBRARIES, host=adapter.HOST, cached=adapter.HOST if adapter.MESSAGES > 1 else "",
                  cache_time=CACHED, port=adapter.PORT, ca=adapter.CA or "",
                  level="may" if adapter.TLS == "none" else "secure",
                  implicit="yes" if adapter.TLS == "implicit" else "no", auth="yes" if adapter.LOGIN else "no",
                  login=":".join(adapter.LOGIN or ("", "")))
    with open(os.path.join(folder, "config", "main.cf"), "w", encoding="utf-8") as file:
        file.write(MAIN.format(**values))
        for step in STEPS:
            file.write(f"smtp_{step}_timeout = {max(1, round(adapter.TIMEOUT))}s\n")
    with open(os.path.join(folder, "config", "master.cf"), "w", encoding="utf-8") as file:
        file.write(MASTER)
    os.utime(os.path.join(folder, "config", "main.cf"), (0, 0))  # one that is younger than 2 s would be waited for


def fates(log):
    """By message-id and recipient: "sent", "bounced", or how often it was deferred; and its last line."""
    ids = dict(re.findall(r"cleanup\[\d+\]: (\w+): message-id=(<.*?>)", log))
    found = {}
    for queue_id, recipient, status, why in re.findall(
            r"smtp\[\d+\]: (\w+): to=<(.*?)>.*? status=(\w+) \((.*)\)", log):
        key = (ids.get(queue_id), recipient)
        count = found.get(key, (0, ""))[0]
        found[key] = (count + 1 if status == "deferred" else status, why)
    return found


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def wait(log, wanted):
    """Until each has been sent, has bounced or was deferred often enough."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = fates(read(log))
        if all(found.get(key, (0,))[0] in ("sent", "bounced", *range(TRIES, 100)) for key in wanted):
            return found
        time.sleep(0.02)
    return fates(read(log))


def main():
    if sys.argv[1:] == ["--version"]:
        if os.geteuid() != 0 or not os.path.exists(USR):
            sys.exit("it must be unpacked in build/unpacked, and be run by root")
        sys.exit(subprocess.run([os.path.join(USR, "sbin", "postconf"), "-d", "mail_version"],
                                env={"LD_LIBRARY_PATH": LIBRARIES}).returncode)
    import adapter
    with tempfile.TemporaryDirectory(prefix="mailfault-postfix-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        configure(adapter, folder)
        environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": LIBRARIES,
                       "MAIL_CONFIG": os.path.join(folder, "config")}
        log, wanted = os.path.join(folder, "log"), []
        master = subprocess.Popen([os.path.join(LIBRARIES, "sbin", "master"), "-d", "-c",
                                   environment["MAIL_CONFIG"]], env=environment)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        try:
            while not os.path.exists(os.path.join(folder, "queue", "public", "pickup")) and master.poll() is None:
                time.sleep(0.01)
            for message_id, text in adapter.mails():
                subprocess.run([os.path.join(USR, "sbin", "sendmail"), "-oi", "-f", adapter.SENDER, "--",
                                *adapter.RECIPIENTS], input=text.replace(b"\r\n", b"\n"), env=environment, check=True)
                wanted += [(message_id, recipient) for recipient in adapter.RECIPIENTS]
            found = wait(log, wanted)
            time.sleep(CACHED + 0.5 if adapter.MESSAGES > 1 else 0)  # it says QUIT when it has waited for more
        finally:
            master.kill()  # its daemons see that, and end; by SIGTERM it would take a second over it
            master.wait()
            if not wanted:
                print(read(log), file=sys.stderr)
    words = set()
    for key in wanted:
        status, why = found.get(key, (0, "still in the queue"))
        words.add(word := {"sent": "sent", "bounced": "permanent"}.get(status, "temporary"))
        adapter.tell(word, *key)
        if word != "sent":
            print(*key, word, why, file=sys.stderr)
    sys.exit(75 if "temporary" in words else 1 if "permanent" in words else 0)


if __name__ == "__main__":
    main()
