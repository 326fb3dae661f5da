"""Postfix as a relay client: an instance of its own in a temporary folder, with short back-offs, which relays all mail
to the server. What its log says of each recipient is its word; a bounce of its own is thrown away.

    client.py [--version]

It is unpacked in build/unpacked, never installed, and must be run by root, as its master must."""
import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "..")]
import postfix

CACHED = 2  # seconds, as is usual
# So many failures of a recipient, or so many seconds, and it is called deferred. Back-offs of whole seconds can't be seen
# to grow, as those of five minutes do: there is no third try.
TRIES, PATIENCE = 2, 15
STEPS = ("connect", "helo", "starttls", "mail", "rcpt", "data_init", "data_xfer", "data_done", "rset", "quit")


def settings(adapter):
    """Of main.cf, where they are others than postfix.py's."""
    needs = re.search(r"\bconnections=(\d+)", os.environ.get("MAILFAULT_NEEDS", ""))
    limit = f"{max(1, round(adapter.TIMEOUT))}s"
    return {"inet_protocols": "all", "notify_classes": "", "in_flow_delay": "0",
            "smtp_connection_cache_destinations": adapter.HOST if adapter.MESSAGES > 1 else "",
            "smtp_connection_cache_time_limit": f"{CACHED}s",
            "smtp_destination_concurrency_limit": needs[1] if needs else "1",
            "smtp_destination_concurrency_failed_cohort_limit": "0", "maximal_backoff_time": "8s",
            "smtp_tls_security_level": "may" if adapter.TLS == "none" else "secure",
            "smtp_tls_CAfile": adapter.CA or "", "smtp_tls_wrappermode": "yes" if adapter.TLS == "implicit" else "no",
            **{f"smtp_{step}_timeout": limit for step in STEPS}}


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


def wait(server, wanted):
    """Until each has been sent, has bounced or was deferred often enough."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = fates(server.log())
        if all(found.get(key, (0,))[0] in ("sent", "bounced", *range(TRIES, 100)) for key in wanted):
            return found
        time.sleep(0.02)
    return fates(server.log())


def main():
    if sys.argv[1:] == ["--version"]:
        sys.exit(postfix.lacks() or subprocess.run(
            [os.path.join(postfix.PREFIX, "sbin", "postconf"), "-d", "mail_version"],
            env={"LD_LIBRARY_PATH": postfix.LIBRARIES}).returncode)
    import adapter
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wanted = []
    with postfix.Postfix(adapter.PORT, adapter.HOST, adapter.LOGIN, **settings(adapter)) as server:
        for message_id, text in adapter.mails():
            server.send(text, adapter.SENDER, adapter.RECIPIENTS)
            wanted += [(message_id, recipient) for recipient in adapter.RECIPIENTS]
        found = wait(server, wanted)
        time.sleep(CACHED + 0.5 if adapter.MESSAGES > 1 else 0)  # it says QUIT when it has waited for more
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
