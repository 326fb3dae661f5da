"""The world's clients under a healthy server in all ways, and under telling scenarios.

    python3 test_world.py             fails where a verdict or a client's word differs from the record
    python3 test_world.py --update    writes world_verdicts.json anew
"""
import functools
import json
import os
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

import world
from world import Case

RECORD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "world_verdicts.json")
AT_ONCE = 8
FIVE = tuple(f"{name}@example.net" for name in "bcdef")
HEALTHY = {
    "plain": Case("healthy"),
    "auth": Case("healthy", auth=True),
    "starttls": Case("healthy", tls="starttls", options=("--tls",)),
    "implicit": Case("implicit", tls="implicit", source=world.IMPLICIT),
    "messages": Case("healthy", messages=3),
    "recipients": Case("healthy", recipients=FIVE),
}
TELLING = {
    "tcp-refused": Case("tcp-refused"),
    "banner-421": Case("banner-421"),
    "banner-554": Case("banner-554"),
    "auth-535": Case("auth-535", auth=True),
    "mail-451-greylist": Case("mail-451-greylist"),
    "rcpt-550-unknown": Case("rcpt-550-unknown"),
    "rcpt-partial-5xx": Case("rcpt-partial-5xx", recipients=FIVE[:3]),
    "data-354-bare": Case("data-354-bare"),
    "dot-451": Case("dot-451"),
    "dot-accepted-close": Case("dot-accepted-close"),
    "quit-rst": Case("quit-rst"),
    "starttls-454": Case("starttls-454", tls="starttls"),
    "cert-expired": Case("cert-expired", tls="starttls"),
}
CASES = {**HEALTHY, **TELLING}


def cases_of(name):
    return {key: case for key, case in CASES.items() if case.messages <= world.profile(name)["can"]["messages"]}


def told(name, case):
    """Verdict, word, and the number of connections; that is chance where a client tries again by itself."""
    run, _ = world.play(name, case)
    connections = run["counts"]["connections"]
    by_chance = world.profile(name).get("retries") and case not in HEALTHY.values()
    return f"{run['verdict']}, {world.word(run)}, " + (
        "connections" if by_chance else f"{connections} connection" + "s" * (connections != 1))


def begin(pool, name):
    return {key: pool.submit(told, name, case) for key, case in cases_of(name).items()}


def load():
    with open(RECORD, encoding="utf-8") as file:
        return json.load(file)


def update():
    missing = [world.missing(name) for name in world.names() if world.missing(name)]
    if missing:
        sys.exit("\n".join(missing))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = {name: begin(pool, name) for name in world.names()}
        record = {name: {"version": world.version(name), **{key: each.result() for key, each in cases.items()}}
                  for name, cases in begun.items()}
    with open(RECORD, "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.write("\n")


class World(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.record = load()
        cls.pool = ThreadPoolExecutor(AT_ONCE)
        cls.addClassCleanup(cls.pool.shutdown)
        cls.begun = {name: begin(cls.pool, name) for name in world.names() if not world.missing(name)}

    def test_each_is_recorded(self):
        self.assertEqual(sorted(self.record), world.names())

    def check(self, name):
        if name not in self.begun:
            self.skipTest(world.missing(name))
        recorded = dict(self.record[name])
        version = recorded.pop("version")
        found = {key: each.result() for key, each in self.begun[name].items()}
        self.assertEqual(found, recorded, f"recorded with {name} {version}, this is {world.version(name)}; --update "
                                          "records it anew")

    def test_a_healthy_server_is_passed(self):
        for name, begun in self.begun.items():
            for way in HEALTHY.keys() & begun.keys():
                with self.subTest(client=name, way=way):
                    self.assertEqual(begun[way].result(), "pass, sent, 1 connection")


for each_name in world.names():
    setattr(World, "test_" + each_name.replace("-", "_"), functools.partialmethod(World.check, each_name))

if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
