"""mailfault for pytest (and unittest): a mail server with another fault for each test. Needs the standard library only.

In conftest.py, with this file on the path:  pytest_plugins = ["mailfault_pytest"]

    def test_greylisting(fault):
        server = fault("rcpt-450-greylist", wait="1s")          # a scenario, and its parameters
        send_my_mail(server.host, server.port)
        server.wait(stored_to="bob@*", timeout="5s")            # else the test fails, and says what came near

Also `seed`, `time_scale`, `port`, `bounce_to` and `source` (a scenario's text) can be given. Under `mailfault run
--api` its server is used; else `mailfault` is started, looked for in PATH or where the environment's MAILFAULT says. Suites without
pytest use `Mailfault` as a context manager.
"""
import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

SETTINGS = ("seed", "time_scale", "port", "ports", "source", "bounce_to")


class ApiError(Exception):
    """What the server didn't do, and why: `status` and the `answer`."""

    def __init__(self, status, answer):
        super().__init__("\n  ".join([answer["error"], *filter(None, [answer.get("remedy")]), *answer.get("near", ()),
                                      *answer.get("last_events", ())]))
        self.status, self.answer = status, answer


class Fault:
    """One running scenario: an SMTP server of a test's own at `host` and `port`, with `url`, `user`, `password`."""

    def __init__(self, ask, made):
        self._ask, self._path = ask, "/instances/" + made["id"]
        for name in ("id", "scenario", "seed", "host", "port", "ports", "url", "user", "password"):
            setattr(self, name, made[name])

    def wait(self, **wanted):
        """messages=, stored_to=, subject=, connections=, event={"kind": …}, timeout="2s"; fails with what came near."""
        try:
            return self._ask("POST", self._path + "/wait", wanted)
        except ApiError as error:
            raise AssertionError(str(error)) if error.status == 408 else error

    def messages(self, text=False):
        """What was truly stored, whatever the server replied."""
        return self._ask("GET", self._path + "/messages" + ("?text=1" if text else ""))["messages"]

    def bounces(self):
        """What was sent back: each with its `text`, its `blocks` of fields, and what became of it."""
        return self._ask("GET", self._path + "/bounces?text=1")["bounces"]

    def journal(self):
        return self._ask("GET", self._path + "/journal")["events"]

    def verdict(self, **said):
        """How the client took it: "pass", "lax", "info", "unmet", "fail", with findings. word="temporary" and
        messages=1 tell what only the test knows."""
        return self._ask("GET", self._path + "/verdict?" + urllib.parse.urlencode(said))

    def reset(self, scenario=None, **params):
        """From the beginning, or another fault, at the same port."""
        self._ask("POST", self._path + "/reset", request(scenario, params))

    def door(self, state, name="smtp"):
        """"open", "refused", "dropped" or "silent"."""
        self._ask("POST", f"{self._path}/doors/{name}", {"state": state})

    def close(self):
        self._ask("DELETE", self._path)


def request(scenario, params):
    body = {name: params.pop(name) for name in SETTINGS if name in params}
    return {**body, **({"scenario": scenario} if scenario else {}), "params": params}


class Mailfault:
    """The API of the `mailfault run --api` that we are under, else of a server of our own until it is closed."""

    def __init__(self, program=os.environ.get("MAILFAULT", "mailfault")):
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        self._process = None
        if "MAILFAULT_API" in os.environ:
            self._api = {"url": os.environ["MAILFAULT_API"], "token": os.environ["MAILFAULT_API_TOKEN"]}
        else:
            self._start(program)

    def _start(self, program):
        with tempfile.TemporaryDirectory(prefix="mailfault-") as folder:
            ports = os.path.join(folder, "ports.json")
            command = [program, "serve", "--api", "--api-port", "0", "--quiet", "--port-file", ports]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
            try:
                subprocess.run([program, "wait-ready", "--port-file", ports], check=True)
                with open(ports, encoding="utf-8") as file:
                    self._api = json.load(file)["api"]
            except BaseException:
                self.close()
                raise

    def fault(self, scenario=None, **params):
        return Fault(self.ask, self.ask("POST", "/instances", request(scenario, params)))

    def ask(self, method, path, body=None):
        asked = urllib.request.Request(self._api["url"] + path, json.dumps(body).encode() if body is not None else None,
                                       {"Authorization": "Bearer " + self._api["token"]}, method=method)
        try:
            with self._open(asked) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, json.loads(error.read())) from None

    def close(self):
        if self._process:
            self._process.terminate()
            self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


try:
    import pytest
except ImportError:
    pass
else:
    @pytest.fixture(scope="session")
    def mailfault():
        with Mailfault() as server:
            yield server

    @pytest.fixture
    def fault(mailfault):
        made = []

        def make(scenario=None, **params):
            try:
                made.append(mailfault.fault(scenario, **params))
            except ApiError as error:
                if error.answer.get("not_applicable"):
                    pytest.skip(str(error))
                raise
            return made[-1]

        yield make
        for each in made:
            each.close()
