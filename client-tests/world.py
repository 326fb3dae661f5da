"""The world's clients (world/NAME, each with its profile.json) as commands of `mailfault run --cmd client`.

    python3 world.py                         lists them: version, or why one can't be run here
    python3 world.py CLIENT SCENARIO...      what is said of a client, with the wire log
"""
import dataclasses
import functools
import json
import os
import re
import subprocess
import sys
import tempfile

import mailfault

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "world")
SENDER = "a@example.com"

IMPLICIT = """scenario { title = "A healthy server that speaks TLS from the first byte", needs = { tls = true } }
doors { smtps = { port = 465, tls = "implicit", main = true } }
"""


@dataclasses.dataclass(frozen=True)
class Case:
    """A scenario, and what the client is told to do under it. A scenario of our own has its source."""
    scenario: str
    tls: str = "none"
    auth: bool = False
    messages: int = 1
    recipients: tuple = ("b@example.net",)
    idle: int = 0
    size: int = 0
    options: tuple = ()
    source: str = ""


def names():
    return sorted(name for name in os.listdir(HERE) if os.path.exists(os.path.join(HERE, name, "profile.json")))


@functools.lru_cache
def profile(name):
    with open(os.path.join(HERE, name, "profile.json"), encoding="utf-8") as file:
        return json.load(file)


def words(name, field):
    return [word.replace("{here}", os.path.join(HERE, name)) for word in profile(name)[field]]


@functools.lru_cache
def version(name):
    """None: it isn't installed."""
    try:
        said = subprocess.run(words(name, "version"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, timeout=30)
    except FileNotFoundError:
        return None
    found = re.search(r"\d+\.[\d.]*\d", said.stdout)
    return found.group() if found and said.returncode == 0 else None


def missing(name):
    """Why it can't be run here, or None."""
    return None if version(name) else f"{name} is not installed (see tools/packages)"


@functools.lru_cache
def needs():
    """By scenario: the words of `mailfault list`."""
    return {each["id"]: each["needs"] for each in json.loads(mailfault.run("list", "--json")[1])}


def case_of(scenario):
    """What the scenario needs, but for several connections at a time."""
    said = needs()[scenario]

    def number(pattern, otherwise):
        found = re.search(pattern, said)
        return int(found[1]) * {"KiB": 1 << 10, "MiB": 1 << 20}.get(found[found.lastindex], 1) if found else otherwise

    return Case(scenario, "starttls" if "TLS" in said else "none", "AUTH" in said,
                number(r"(\d+) messages", 1),
                tuple(f"b{n}@example.net" for n in range(1, 1 + number(r"(\d+) recipients", 1))),
                number(r"a pause of (\d+)s", 0), number(r"a message of (\d+) (KiB|MiB|bytes)", 0))


def message(number, size=0):
    line = "x" * 70 + "\r\n"
    return (f"From: {SENDER}\r\nTo: b@example.net\r\nSubject: test {number}\r\nMessage-ID: <{number}@client.example>\r\n"
            f"Date: Tue, 24 Nov 2026 12:00:0{number % 10} +0000\r\n\r\nThis is message {number}.\r\n.a dot\r\n"
            + line * -(-size // len(line)))


def environment(name, case, folder):
    for number in range(1, case.messages + 1):
        with open(os.path.join(folder, f"{number}.eml"), "w", encoding="ascii", newline="") as file:
            file.write(message(number, case.size))
    return {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8", "MAILFAULT_TLS": case.tls,
            "MAILFAULT_AUTH": "1" if case.auth else "", "MAILFAULT_SENDER": SENDER,
            "MAILFAULT_RECIPIENTS": " ".join(case.recipients), "MAILFAULT_MAIL": folder,
            "MAILFAULT_MESSAGE": os.path.join(folder, "1.eml"), "MAILFAULT_MESSAGES": str(case.messages),
            "MAILFAULT_IDLE": str(case.idle or ""),
            "MAILFAULT_TIMEOUT": profile(name).get("timeout", "3s").removesuffix("s")}


def play(name, case, more=()):
    """The run of the JSON report, and what was printed."""
    with tempfile.TemporaryDirectory(prefix="mailfault-world-") as folder:
        os.chmod(folder, 0o755)
        report = os.path.join(folder, "report.json")
        scenario = case.scenario
        if case.source:
            scenario = os.path.join(folder, case.scenario + ".lua")
            with open(scenario, "w", encoding="utf-8") as file:
                file.write(case.source)
        status, out, err = mailfault.run(
            "run", scenario, "--cmd", "client", "--profile", os.path.join(HERE, name, "profile.json"),
            "--messages", str(case.messages), "--settle",
            "2s" if profile(name).get("retries") else "500ms", "--timeout", profile(name)["limit"], "--json", report,
            *case.options, *more, "--", "env", "SMTP_HOST=" + profile(name).get("host", "127.0.0.1"),
            *words(name, "command"), timeout=90, errors="replace",
            env=environment(name, case, folder))
        if status not in (0, 1):
            raise AssertionError(f"run ended with {status}: {out}{err}")
        with open(report, encoding="utf-8") as file:
            return json.load(file)["runs"][0], out


def word(run):
    """The client's own, of all that it said: "sent", or "sent/permanent" where recipients or messages fared apart."""
    said = run["words"]
    apart = [each for each in said if each.get("message_id") or each.get("recipient")]
    return "/".join(sorted({each["word"] for each in apart or said}))


def main():
    if len(sys.argv) == 1:
        for name in names():
            print(f"{name:20}{missing(name) or version(name)}")
    for scenario in sys.argv[2:]:
        from test_world import CASES
        case = CASES.get(scenario) or case_of(scenario)
        run, out = play(sys.argv[1], case, ("--verbose",))
        print(out, word(run), run["command"]["output"], sep="\n")


if __name__ == "__main__":
    main()
