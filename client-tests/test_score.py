"""mailfault score: a sound client gets an A, and one that is wrong in one way loses exactly what it should."""
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

import mailfault

HERE = os.path.dirname(os.path.abspath(__file__))
SLICE = ["healthy", "mail-451-greylist", "rcpt-550-unknown", "starttls-454", "dot-accepted-close", "auth-535",
         "cert-expired", "rcpt-partial-5xx", "rcpt-slow-each", "banner-pregreet-trap", "banner-delay-20s",
         "banner-421", "dot-451",
         "quit-after-failed-ehlo", "quit-after-554-banner", "data-354-bare"]
PROFILE = {"name": "sound", "host": "localhost", "timeouts_scaled": True,
           "can": {"messages": 20, "recipients": 100, "idle": True}}
STORED = ["data-354-bare", "healthy", "rcpt-partial-5xx", "rcpt-slow-each", "banner-pregreet-trap",
          "banner-delay-20s"]
LOSES = {
    "": {},
    "twice": dict.fromkeys(STORED, "mail doubled"),
    "plain-after-starttls": {"cert-expired": "secret leaked", "starttls-454": "secret leaked"},
    "all-permanent": dict.fromkeys(["mail-451-greylist", "banner-421", "dot-451"], "wrong report"),
    "no-quit": dict.fromkeys(["quit-after-failed-ehlo", "quit-after-554-banner"], "blemish"),
    "early": {"banner-pregreet-trap": "wrong report", "banner-delay-20s": "blemish"},
    "leak": dict.fromkeys(["auth-535", "healthy"], "secret leaked"),
    "drop": dict.fromkeys(["rcpt-partial-5xx", "rcpt-slow-each"], "mail lost"),
}


class Score(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-score-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.profile = self.path("profile.json", json.dumps(PROFILE))

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def text_of(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def command(self, fault=""):
        return ["--", sys.executable, "-B", os.path.join(HERE, "score_client.py"), fault]

    def score(self, *words, fault="", names=SLICE, profile=None):
        """Exit status, output and errors, and the report."""
        json_file = self.path("score.json")
        done = mailfault.run("score", *names, "--profile", profile or self.profile, "--quiet", "--json", json_file,
                             *words, *self.command(fault), timeout=110)
        report = None
        with contextlib.suppress(FileNotFoundError), open(json_file, encoding="utf-8") as file:
            report = json.load(file)["clients"][0]
        return *done, report

    def test_each_fault_loses_what_it_should(self):
        for fault, loses in LOSES.items():
            with self.subTest(fault or "none"):
                status, output, errors, report = self.score(fault=fault)
                lost = {each["id"]: each["severity"] for each in report["cases"] if each["verdict"] == "fail"}
                self.assertEqual(lost, loses, output + errors)
                self.assertEqual(status, 1 if loses else 0)
                grades = {"mail lost": "F", "mail doubled": "E", "secret leaked": "E", "wrong report": "C",
                          "blemish": "B"}
                self.assertEqual(report["grade"], min("A", *map(grades.get, loses.values()))
                                 if not loses else max(map(grades.get, loses.values())))

    def test_a_baseline_fails_only_on_what_got_worse(self):
        baseline = self.path("mail.baseline")
        names = ["healthy", "rcpt-slow-each", "dot-451"]
        given = ("--baseline", baseline)
        self.assertEqual(self.score(*given, names=names)[0], 2)  # there is none
        self.assertEqual(self.score(*given, "--update-baseline", fault="drop", names=names)[0], 0)
        self.assertIn("rcpt-slow-each  delivered", self.text_of("mail.baseline"))
        self.assertEqual(self.score(*given, fault="drop", names=names)[0], 0)
        status, output, _, _ = self.score(*given, names=names)
        self.assertEqual(status, 0)
        self.assertIn("better  rcpt-slow-each: fail: mail lost before, now pass", output)
        status, output, _, _ = self.score(*given, fault="twice", names=names)
        self.assertEqual(status, 1)
        self.assertIn("worse  healthy: pass before, now fail: mail doubled", output)
        status, output, _, _ = self.score(*given, names=names + ["rcpt-550-unknown"])
        self.assertEqual(status, 0)
        self.assertIn("not in the baseline: 1 scenario (rcpt-550-unknown)", output)
        self.path("mail.baseline", self.text_of("mail.baseline").replace("dot-451 ", "dot-old "))
        status, _, errors, _ = self.score(*given, names=names)
        self.assertEqual(status, 2)
        self.assertRegex(errors, "no scenario any more of the name dot-old; the baseline is of catalogue .*"
                                 "--update-baseline")

    def test_resume_plays_only_what_is_missing(self):
        _, _, _, first = self.score("--seed", "7", names=["healthy", "dot-451"])
        self.assertEqual(first["seed"], "7")
        before = {each["id"]: each for each in first["cases"]}
        status, _, _, report = self.score("--resume", names=["healthy", "dot-451", "rcpt-550-unknown"])
        self.assertEqual((status, report["seed"], len(report["cases"])), (0, "7", 3))
        for each in report["cases"]:
            self.assertIn(each["id"], [*before, "rcpt-550-unknown"])
            if each["id"] in before:
                self.assertEqual(each, before[each["id"]])
        status, _, errors, _ = self.score("--resume", names=["healthy"], fault="twice")
        self.assertEqual(status, 2)
        self.assertIn("is of another command", errors)

    def test_interrupted_keeps_what_is_done(self):
        json_file, marker = self.path("score.json"), self.path("slow.json")
        process = subprocess.Popen(
            [mailfault.PROGRAM, "score", "healthy", "dot-451", "rcpt-550-unknown", "-j", "1", "--profile", self.profile,
             "--json", json_file, "--", "sh", "-c",
             f'if [ "$MAILFAULT_SCENARIO" = rcpt-550-unknown ]; then touch {marker}; sleep 60; fi; exec "$0" "$@"',
             *self.command()[1:]],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        mailfault.wait_until(lambda: os.path.exists(marker) or process.poll() is not None, what="the third scenario")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 128 + signal.SIGINT, output + errors)
        self.assertIn("1 of 3 were not played; --resume goes on", output)
        with open(json_file, encoding="utf-8") as file:
            self.assertEqual([each["id"] for each in json.load(file)["clients"][0]["cases"]], ["dot-451", "healthy"])

    def test_a_command_that_never_connects_is_told_early(self):
        status, _, errors, report = self.score(fault="never-connects")
        self.assertEqual((status, report), (2, None))
        self.assertIn("your command didn't connect to {host}:{port}; did you forget to pass them?", errors)
        self.assertIn("It said: no server is set", errors)

    def test_curl_by_its_own_profile(self):
        status, output, errors = mailfault.run("score", "healthy", "rcpt-550-unknown", "cert-expired", "auth-535",
                                               "rcpt-slow-each", "--profile", "curl", "--quiet", timeout=60)
        self.assertEqual(status, 0, output + errors)
        self.assertRegex(output, r"curl \d+\.\d+.*: grade A")
        self.assertIn("5 scenarios: ", output)

    def test_lacks_are_told_and_not_run(self):
        bare = self.path("bare.json", json.dumps({"name": "bare", "can": {"tls": False}}))
        status, _, _, report = self.score(profile=bare, names=["healthy", "cert-expired", "rcpt-slow-each"])
        told = {each["id"]: (each["verdict"], each["ran"], each["reason"]) for each in report["cases"]}
        self.assertEqual(told["cert-expired"], ("not applicable", False, "the client has no STARTTLS (can.tls)"))
        self.assertEqual(told["rcpt-slow-each"], ("unmet", False, "it needs 5 recipients, and the profile says 1 "
                                                  "(can.recipients)"))
        self.assertEqual((told["healthy"][0], status), ("pass", 0))

    def test_scores_are_merged(self):
        for fault in ("", "twice"):
            self.score(fault=fault, names=["healthy", "dot-451"])
            os.rename(self.path("score.json"), self.path(f"{fault or 'sound'}.json"))
        status, output, errors = mailfault.run("score", "--merge", self.path("sound.json"), self.path("twice.json"))
        self.assertEqual((status, errors), (0, ""))
        self.assertIn("| **grade** | **A** | **E** |", output)
        self.assertIn("| `healthy` | pass | **mail doubled** |", output)
        status, _, _ = mailfault.run("score", "--merge", self.path("sound.json"), self.path("twice.json"), "--json",
                                     self.path("both.json"))
        self.assertEqual((status, len(json.loads(self.text_of("both.json"))["clients"])), (0, 2))

    def test_bad_input(self):
        for words, said in {
                ("helthy", "--", "true"): "there is no scenario 'helthy' (did you mean 'healthy'?)",
                ("zzz-*", "--", "true"): "no scenario has a name like 'zzz-*'",
                ("--stage", "greting", "--", "true"): "there is no such stage (did you mean 'greeting'?)",
                ("healthy",): "the command is missing",
                ("healthy", "-j", "0", "--", "true"): "-j",
                ("healthy", "--resume", "--", "true"): "--resume: say where the score is",
                ("healthy", "--update-baseline", "--", "true"): "--update-baseline: say which file",
                ("healthy", "--json", "/nowhere/x.json", "--", "true"): "/nowhere/x.json: the report can't be written",
                ("--merge", self.profile): 'it has no member "kind"; was it written by',
                ("--merge",): "--merge: name the files",
                ("healthy", "--profile", self.path("bad.json", '{"can": {"mesages": 2}}'), "--", "true"):
                    "no field of what a client can (did you mean 'messages'?)",
                ("healthy", "--baseline", self.profile, "--", "true"): "this is no baseline"}.items():
            with self.subTest(words):
                status, _, errors = mailfault.run("score", *words)
                self.assertEqual(status, 2, errors)
                self.assertIn(said, errors)
        status, _, errors = mailfault.run("score", "healthy", "--", "./no-such-program")
        self.assertEqual(status, 3, errors)

    def test_a_full_disk_leaves_what_was_there(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        status, _, errors = mailfault.run("score", "healthy", "--profile", "curl", "--quiet", "--json", "/dev/full")
        self.assertEqual(status, 2)
        self.assertIn("/dev/full: it could not be written whole: No space left on device", errors)
        self.score(names=["healthy"])
        before = self.text_of("score.json")
        done = subprocess.run(
            ["sh", "-c", 'ulimit -f 1; trap "" XFSZ; exec "$0" "$@"', mailfault.PROGRAM, "score", "healthy",
             "--profile", self.profile, "--quiet", "--json", self.path("score.json"), *self.command()],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("it could not be written whole: File too large", done.stderr)
        self.assertEqual(self.text_of("score.json"), before)
        self.assertEqual([name for name in os.listdir(self.folder) if ".part-" in name], [])


if __name__ == "__main__":
    unittest.main()
