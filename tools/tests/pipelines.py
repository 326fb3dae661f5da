#!/usr/bin/python3
"""What we give to other people's pipelines, run here: the README's jobs, tools/ci/action.yml, tools/ci/Dockerfile.

usage: tools/tests/pipelines.py [CLASS]    the variable MAILFAULT: the program, else build/mailfault

There is no network, no hosted runner and no Docker in this. The shell lines are taken from the files themselves and run
as they stand; what surrounds them (the runner's cache and expressions, apt-get, the empty root of an image) is played.
Nothing is built: a compiler that is called fails the test.
"""
import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import unittest
import xml.etree.ElementTree as ElementTree

try:
    import yaml
except ImportError:
    sys.exit("this test needs python3-yaml")

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("MAILFAULT", ROOT / "build" / "mailfault")).resolve()
NOBODY = "65534"

MAIL_TEST = """
    import os, smtplib, time
    MAIL = "Message-ID: <1@example.com>\\r\\nTo: b@example.net\\r\\nSubject: hi\\r\\n\\r\\nHi.\\r\\n"
    for wait in (1.05, 1.3, 2):
        try:
            with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]), timeout=10) as smtp:
                smtp.sendmail("a@example.com", ["b@example.net"], MAIL)
            break
        except smtplib.SMTPServerDisconnected:
            if WISE: break                   # perhaps it arrived
        except smtplib.SMTPException:
            pass
        if WISE: time.sleep(wait)
    else:
        raise SystemExit("not sent")
"""


def output_of(*command):
    """A command run to its end: exit status, what it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=30)
    return done.returncode, done.stdout


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    path.chmod(mode)


def copy_of_the_sources(to):
    """As a fresh clone has them: no build folder, no history."""
    def ignored(folder, names):
        return [name for name in names if name in (".git", "__pycache__")
                or (pathlib.Path(folder) == ROOT and name.startswith("build"))]
    shutil.copytree(ROOT, to, ignore=ignored, symlinks=True)


def put_program(tree):
    """The tree as it is after its program was built."""
    (tree / "build" / ".packages").mkdir(parents=True)
    (tree / "build" / "mailfault").symlink_to(PROGRAM)
    for stamp in (".built", ".packages/build"):
        (tree / "build" / stamp).touch()


def to_whole_seconds(tree):
    """The times of its files, as a cache that is a zip archive gives them back."""
    for path in tree.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (int(path.stat().st_mtime),) * 2)


def packages_of(line):
    """What a line with apt-get install in it installs."""
    return [word for word in re.search(r"apt-get install ([^&;\n]*)", line)[1].split() if word[0] != "-"]


class Recipe(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.tree = self.folder / "mailfault"
        copy_of_the_sources(self.tree)
        self.project = self.folder / "project"  # the one whose pipeline this is
        self.write_mail_test(wise=True)

        self.stubs = self.folder / "stubs"
        for name in ("cmake", "ninja", "g++", "c++"):
            write(self.stubs / name, "#!/bin/sh\necho nothing may be built here >&2\nexit 99\n", 0o755)
        write(self.stubs / "apt-get", '#!/bin/sh\necho "$*" >>"${0%/*}/installed"\n', 0o755)
        self.env = {"PATH": f"{self.stubs}:{os.environ['PATH']}", "HOME": str(self.folder), "CI": "true",
                    "LC_ALL": "C.UTF-8", "MAILFAULT_OPT_SETTLE": "300ms"}

    def write_mail_test(self, wise):
        write(self.project / "tests" / "mail_test.py", f"WISE = {wise}\n" + textwrap.dedent(MAIL_TEST))

    def shell(self, lines, env=(), cwd=None, shell=("sh", "-e")):
        """These lines, as a job runs them; the exit status."""
        done = subprocess.run([*shell, "-c", lines], cwd=cwd or self.project, env={**self.env, **dict(env)}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        self.said = done.stdout
        return done.returncode

    def failures(self, report):
        """Of each case in a JUnit report, whether it failed."""
        cases = ElementTree.parse(self.project / report).getroot().iter("testcase")
        return {case.get("name"): case.find("failure") is not None for case in cases}

    def assert_packages_exist(self, *lines):
        """Each line installs packages by apt-get, and Debian has them. Whether apt could get them isn't asked."""
        for line in lines:
            names = packages_of(line)
            self.assertTrue(names, line)
            status, said = output_of("dpkg-query", "-W", *names)
            self.assertEqual(status, 0, line + "\n" + said)


class Readme(Recipe):
    """The jobs of README.md, in a project that has a test of its mail."""

    def setUp(self):
        super().setUp()
        self.text = (ROOT / "README.md").read_text(encoding="utf-8")
        jobs = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", self.text, re.M | re.S)]
        self.assertEqual(len(jobs), 2, "README.md has a job for GitHub and one for GitLab")
        self.github, self.gitlab = jobs[0]["jobs"]["mail"], jobs[1]["mail"]

        self.env.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
        who = "-c user.name=a -c user.email=a@example.com"
        self.assertEqual(self.shell(f"git init -q; git add -A; git {who} commit -qm all", cwd=self.tree), 0, self.said)
        self.shell("git rev-parse HEAD", cwd=self.tree)
        self.commit = self.said.strip()

    def play(self, steps, variables, status, failed):
        """The job when its cache has been filled: `steps` are shell lines, the last of them judges."""
        self.assertEqual(set(variables), {"MAILFAULT_GIT", "MAILFAULT_REF"})
        for ref in (self.commit, "HEAD"):
            env = {"MAILFAULT_GIT": str(self.tree), "MAILFAULT_REF": ref, "MAILFAULT_OPT_SEED": "1"}
            if ref == self.commit:
                git = "\n".join(line for step in steps for line in step.splitlines() if line.startswith("git "))
                self.assertEqual(self.shell(git, env), 0, self.said)
                put_program(self.project / ".mailfault")
            to_whole_seconds(self.project / ".mailfault")
            for number, step in enumerate(steps):
                wanted = status if number == len(steps) - 1 else 0
                self.assertEqual(self.shell(step, env), wanted, step + "\n" + self.said)
            self.assertEqual(self.failures("report.xml"), failed)
            (self.project / "report.xml").unlink()
            self.write_mail_test(wise=False)
            status, failed = 1, dict.fromkeys(failed, True)
        self.assert_packages_exist(*["apt-get " + line for line in (self.stubs / "installed").read_text().splitlines()
                                     if line.startswith("install")])

    def test_github(self):
        steps = {step.get("uses", "run").split("@")[0]: step for step in self.github["steps"]}
        saved, restored = steps["actions/cache/save"], steps["actions/cache/restore"]
        self.assertEqual(restored["with"], {"path": ".mailfault", "key": "mailfault-${{ env.MAILFAULT_REF }}"})
        self.assertEqual(saved["with"], restored["with"])
        self.assertEqual(saved["if"], f"steps.{restored['id']}.outputs.cache-hit != 'true'")
        self.assertEqual(steps["actions/upload-artifact"]["with"]["path"], "report.xml")
        self.assertEqual(steps["actions/upload-artifact"]["if"], "always()")
        self.assertEqual(self.github["container"], "debian:12")
        self.play([step["run"] for step in self.github["steps"] if "run" in step], self.github["env"], 0,
                  {"banner-421-then-healthy": False, "dot-accepted-close": False})

    def test_gitlab(self):
        self.assertEqual(self.gitlab["cache"],
                         {"key": "mailfault-$MAILFAULT_REF", "paths": [".mailfault"], "when": "always"})
        self.assertEqual(self.gitlab["artifacts"],
                         {"when": "always", "paths": ["report.xml"], "reports": {"junit": "report.xml"}})
        self.assertEqual(self.gitlab["image"], "debian:12")
        before, (judge,) = self.gitlab["before_script"], self.gitlab["script"]
        self.play(["\n".join(before), judge], self.gitlab["variables"], 0,
                  {"banner-421-then-healthy": False, "dot-accepted-close": False})

    def test_by_hand(self):
        lines = re.search(r"^### By hand\n.*?^```sh\n(.*?)^```$", self.text, re.M | re.S)[1]
        put_program(self.tree)
        write(self.tree / "your-tests",
              '#!/bin/sh\nSMTP_HOST=127.0.0.1 exec python3 "$PROJECT/tests/mail_test.py"\n', 0o755)
        self.assertEqual(self.shell(lines, {"PROJECT": self.project}, cwd=self.tree), 0, self.said)
        self.assertRegex(self.said, r'"kind":"stored"')
        self.assertIn("dot-accepted-close", self.said)


class Action(Recipe):
    """tools/ci/action.yml on a runner of which just as much is played as it uses."""

    def setUp(self):
        super().setUp()
        self.action = yaml.safe_load((self.tree / "tools" / "ci" / "action.yml").read_text(encoding="utf-8"))
        self.caches = {}

    def value(self, expression):
        """Of `a.b.c`, or of `a.b.c != 'text'`. An unknown name is an empty text on a runner; here it's an error."""
        name, differs, text = re.fullmatch(r"\s*([\w.-]+)(\s*!= '(.*)')?\s*", expression).groups()
        return self.context[name] != text if differs else self.context[name]

    def filled(self, values):
        return {name: re.sub(r"\$\{\{(.*?)\}\}", lambda found: self.value(found[1]), str(value))
                for name, value in values.items()}

    def cache(self, uses, where, id):
        self.assertEqual(where["path"], str(self.temp / "mailfault"))
        if uses == "actions/cache/save@v4":
            shutil.copytree(where["path"], self.caches.setdefault(where["key"], self.folder / "cache"))
        else:
            self.assertEqual(uses, "actions/cache/restore@v4")
            hit = where["key"] in self.caches
            if hit:
                shutil.copytree(self.caches[where["key"]], where["path"])
            self.context[f"steps.{id}.outputs.cache-hit"] = "true" if hit else ""

    def run_action(self, **inputs):
        """On a new runner; the exit status of the step that ended it, and the names of the steps that ran."""
        self.temp = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        declared = self.action["inputs"]
        self.assertLessEqual(set(inputs), set(declared))
        self.context = {f"inputs.{name}": inputs.get(name, each.get("default", "")) for name, each in declared.items()}
        ran = []
        for step in self.action["runs"]["steps"]:
            if "if" in step and not self.value(step["if"]):
                continue
            ran.append(step["name"])
            if "uses" in step:
                self.cache(step["uses"], self.filled(step["with"]), step.get("id"))
                continue
            self.assertEqual(step["shell"], "bash")
            self.assertNotIn("${{", step["run"], "inputs must not become part of a script")
            told = self.temp / f"output-{len(ran)}"
            told.touch()
            env = {"GITHUB_ACTION_PATH": self.tree / "tools" / "ci", "RUNNER_TEMP": self.temp, "GITHUB_OUTPUT": told}
            status = self.shell(step["run"], {**env, **self.filled(step.get("env", {}))},
                                shell=("bash", "--noprofile", "--norc", "-e", "-o", "pipefail"))
            if status:
                return status, ran
            for line in told.read_text().splitlines():
                name, value = line.split("=", 1)
                self.context[f"steps.{step['id']}.outputs.{name}"] = value
        return 0, ran

    def test_it_builds_once_and_judges(self):
        put_program(self.tree)
        judged = {"scenarios": "banner-421-then-healthy\ndot-accepted-close\n", "command": "python3 tests/mail_test.py"}
        status, ran = self.run_action(**judged, options="-j 2", junit="first.xml")
        self.assertEqual(status, 0, self.said)
        self.assertEqual(len(ran), len(self.action["runs"]["steps"]))
        self.assertEqual(self.failures("first.xml"), {"banner-421-then-healthy": False, "dot-accepted-close": False})

        shutil.rmtree(self.tree / "build")
        self.write_mail_test(wise=False)
        status, ran = self.run_action(**judged, options="-j 2")
        self.assertEqual(status, 1, self.said)
        self.assertFalse([name for name in ran if "build" in name or "Save" in name], ran)
        self.assertEqual(self.failures("report.xml"), {"banner-421-then-healthy": True, "dot-accepted-close": True})
        program = self.filled({"it": self.action["outputs"]["program"]["value"]})["it"]
        self.assertEqual(self.shell(shlex.quote(program) + " --version"), 0)

        with open(self.tree / "server" / "main.cpp", "a", encoding="utf-8") as source:
            source.write("// another program\n")
        status, ran = self.run_action(**judged)
        self.assertEqual(status, 3, self.said)
        self.assertIn("nothing may be built here", self.said)
        self.assertIn("::error::mailfault is built on Debian 12", self.said)

    def test_inputs_are_words_and_never_script(self):
        put_program(self.tree)
        write(self.project / "mail" / "one.lua", 'scenario { title = "One" }\nexpect.outcome "delivered"\n')
        status, _ = self.run_action(scenarios="mail/*.lua", options="--timeout *",
                                    command="false\ntouch after-a-failure", junit="a $(touch owned) b.xml")
        self.assertEqual(status, 2, self.said)
        self.assertIn("--timeout *", self.said)
        status, _ = self.run_action(scenarios="mail/*.lua", command="false | cat\ntouch after-a-failure",
                                    junit="a $(touch owned) b.xml")
        self.assertEqual(status, 1, self.said)
        self.assertTrue((self.project / "a $(touch owned) b.xml").exists())
        self.assertFalse((self.project / "owned").exists())
        self.assertFalse((self.project / "after-a-failure").exists())
        status, _ = self.run_action(scenarios=" ", command="true")
        self.assertEqual(status, 2, self.said)


class Image(Recipe):
    """tools/ci/Dockerfile, as far as a machine without Docker can: in a root and a network of its own."""

    def setUp(self):
        super().setUp()
        text = (self.tree / "tools" / "ci" / "Dockerfile").read_text(encoding="utf-8")
        text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.M))
        lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
        starts = [number for number, (word, _) in enumerate(lines) if word == "FROM"]
        self.assertEqual(starts[0], 0)
        self.build, self.final = lines[:starts[1]], lines[starts[1]:]

    def of_final(self, word):
        return [rest for each, rest in self.final if each == word]

    def built(self):
        """Runs the build stage; where its WORKDIR is here, and its name there."""
        (workdir,) = [rest for word, rest in self.build if word == "WORKDIR"]
        place = self.folder / "stage"
        for word, rest in self.build:
            if word == "COPY":
                what, to = rest.split()
                shutil.copytree(self.tree / what, place / to, dirs_exist_ok=True, symlinks=True)
                if what == ".":
                    put_program(place)
            elif word == "RUN":
                self.assertNotIn(workdir, rest, "this test has the folder elsewhere")
                self.assertEqual(self.shell(rest, cwd=place), 0, rest + "\n" + self.said)
                shutil.rmtree(place / "build", ignore_errors=what != ".")
            else:
                self.assertIn(word, ("FROM", "WORKDIR"))
        return place, workdir

    def packages_of_final(self):
        """Those of an installed minimal Debian, and of what the stage installs: with all that they depend on."""
        (install,) = self.of_final("RUN")
        self.assert_packages_exist(install)
        wanted = packages_of(install)
        _, fields = output_of("dpkg-query", "-W", "-f", "${Package}\t${Essential}\t${Pre-Depends}, ${Depends}\n")
        needs = {}
        for line in fields.splitlines():
            name, essential, depends = line.split("\t")
            needs[name] = [re.match(r"[\w.+-]*", part.strip())[0] for part in depends.split(",")]
            if essential == "yes":
                wanted.append(name)
        have = set()
        while wanted:
            name = wanted.pop()
            if name in needs and name not in have:
                have.add(name)
                wanted += needs[name]
        return have

    def test_it_is_built_small_and_runs_as_nobody(self):
        place, workdir = self.built()
        root = self.folder / "root"
        for rest in self.of_final("COPY"):
            stage, source, target = rest.split()
            self.assertEqual(stage, "--from=build")
            copied = place / pathlib.PurePath(source).relative_to(workdir)
            target = root / target.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(copied, target)
        program = root / "usr/local/bin/mailfault"
        self.assertLess(program.stat().st_size, 20 << 20)

        _, listed = output_of("ldd", str(program))
        self.assertNotIn("not found", listed)
        libraries = re.findall(r"(/\S+) \(0x", listed)
        self.assertTrue(libraries)
        have = self.packages_of_final()
        for library in libraries:
            _, owner = output_of("dpkg", "-S", library)
            self.assertIn(owner.split(":")[0], have, f"{library} isn't in the final stage")
            (root / library[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, root / library[1:])
        self.run_it(root)

    def run_it(self, root):
        if os.geteuid() != 0:
            self.skipTest("a root of its own needs root")
        (root / "tmp").mkdir()
        (root / "tmp").chmod(0o1777)
        for folder in (self.folder, root):
            folder.chmod(0o755)
        (user,), (env,) = self.of_final("USER"), self.of_final("ENV")
        self.assertEqual(user, f"{NOBODY}:{NOBODY}")
        env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               **dict(pair.split("=", 1) for pair in env.split())}
        (entry,), (command,) = self.of_final("ENTRYPOINT"), self.of_final("CMD")
        (health,) = self.of_final("HEALTHCHECK")
        health = json.loads(re.search(r"CMD (\[.*\])", health)[1])

        def inside(words):
            return ["env", "-i", *[f"{name}={value}" for name, value in env.items()],
                    shutil.which("chroot"), f"--userspec={user}", str(root), *words]

        # 192.0.2.1 stands for the container's address: what publishes a port comes from there.
        network = "ip link set lo up && ip addr add 192.0.2.1/32 dev lo && exec " + \
            shlex.join(inside(json.loads(entry) + json.loads(command)))
        with open(self.folder / "said", "w+", encoding="utf-8") as said:
            server = subprocess.Popen(["unshare", "--net", "sh", "-c", network], stdin=subprocess.DEVNULL,
                                      stdout=said, stderr=subprocess.STDOUT)
            try:
                # The shell enters the network before it becomes the program: until then there is none to ask in.
                self.wait_for_network(server)
                enter = ["nsenter", "-t", str(server.pid), "--net"]
                healthy, why = output_of(*enter, *inside(health))
                said.seek(0)
                self.assertEqual(healthy, 0, why + said.read())
                status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
                self.assertRegex(status, rf"\nUid:\t{NOBODY}\t{NOBODY}\t{NOBODY}\t{NOBODY}\n")
                self.assertIn("\nCapEff:\t0000000000000000\n", status)
                talk = "import smtplib; s = smtplib.SMTP('192.0.2.1', 1025, timeout=10)\n" \
                       "s.sendmail('a@example.com', ['b@example.net'], 'Subject: hi\\r\\n\\r\\nHi.\\r\\n'); s.quit()"
                subprocess.run([*enter, sys.executable, "-c", talk], check=True, timeout=20)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    server.send_signal(signal.SIGTERM)
                stopped = server.wait(10)
            said.seek(0)
            self.assertEqual(stopped, 0, said.read())
        healthy, why = output_of("unshare", "--net", *inside(health))
        self.assertEqual(healthy, 1, "a stopped server looks healthy: " + why)

    def wait_for_network(self, server):
        ours = os.readlink("/proc/self/ns/net")
        while server.poll() is None and os.readlink(f"/proc/{server.pid}/ns/net") == ours:
            os.sched_yield()
        self.assertIsNone(server.poll())

    def test_what_the_context_leaves_out(self):
        ignored = (ROOT / "tools" / "ci" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        self.assertEqual([line for line in ignored if not line.startswith("#")], ["/build*", "/.git"])


if __name__ == "__main__":
    unittest.main()
