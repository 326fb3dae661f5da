"""`mailfault certs`: verifiers that nobody here wrote agree with each recipe; what is written can be read elsewhere."""
import http.server
import json
import os
import re
import shutil
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest

import mailfault

README = os.path.join(os.path.dirname(__file__), "..", "certs", "README.md")
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
END = "-----END CERTIFICATE-----\n"


def tool(name):
    return unittest.skipUnless(shutil.which(name), f"no {name} here")


def output(*words, **more):
    """Standard output and standard error in one, whatever the exit status."""
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60, **more).stdout


class CertificatesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.environment = {**os.environ, "MAILFAULT_OPT_CA_FILE": cls.path("ca-with-key.pem")}
        cls.certs("ca", "-o", cls.path("ca.pem"))
        cls.certs("crl", "-o", cls.path("crl.pem"))
        cls.recipes = json.loads(cls.certs("--json"))

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def certs(cls, *words, status=0, **more):
        done, said, wrong = mailfault.run("certs", *words, timeout=60, **{"env": cls.environment, **more})
        if done != status:
            raise AssertionError(f"certs {' '.join(words)}: status {done}: {wrong}")
        return wrong if status else said

    @classmethod
    def text(cls, name):
        with open(cls.path(name), encoding="utf-8") as file:
            return file.read()


class Verifiers(CertificatesTest):
    """Each recipe, by OpenSSL's program and by GnuTLS's: bad or not, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for recipe in cls.recipes:
            sent = cls.certs(recipe["name"], "--chain", "--host", recipe["verify"])
            at = sent.index(END) + len(END)
            for kind, part in (("sent", sent), ("leaf", sent[:at]), ("rest", sent[at:])):
                with open(cls.path(f"{recipe['name']}.{kind}"), "w", encoding="utf-8") as file:
                    file.write(part)

    def openssl(self, recipe):
        name, asked = recipe["name"], recipe["verify"]
        words = ["-untrusted", self.path(name + ".rest")] if self.text(name + ".rest") else []
        if name == "revoked":
            words += ["-crl_check", "-CRLfile", self.path("crl.pem")]
        said = output("openssl", "verify", "-CAfile", self.path("ca.pem"), "-no-CApath", "-no-CAstore", "-purpose",
                      "sslserver", "-auth_level", "2", "-verify_ip" if asked[0].isdigit() else "-verify_hostname",
                      asked, *words, self.path(name + ".leaf"))
        error = re.search(r"^error \d+ at \d+ depth lookup: (.*)$", said, re.MULTILINE)
        return error[1] if error else "ok" if said.endswith(": OK\n") else said

    def gnutls(self, recipe):
        words = ["--load-crl", self.path("crl.pem")] if recipe["name"] == "revoked" else []
        said = output("certtool", "--verify", "--verify-profile", "medium", "--verify-purpose", SERVER_AUTH,
                      "--load-ca-certificate", self.path("ca.pem"), "--verify-hostname", recipe["verify"], *words,
                      "--infile", self.path(recipe["name"] + ".sent"))
        verdict = re.search(r"^Chain verification output: (.*?) *$", said, re.MULTILINE)
        if not verdict:
            return said
        return "ok" if verdict[1] == "Verified. The certificate is trusted." else verdict[1]

    def test_openssl(self):
        for recipe in self.recipes:
            with self.subTest(recipe["name"]):
                self.assertEqual(self.openssl(recipe), recipe["openssl"])

    @tool("certtool")
    def test_gnutls(self):
        for recipe in self.recipes:
            with self.subTest(recipe["name"]):
                self.assertIn(recipe["gnutls"], self.gnutls(recipe))
                self.assertEqual(recipe["gnutls"] == "ok", self.gnutls(recipe) == "ok")

    def test_verifiers_may_be_laxer_than_the_recipe_but_never_stricter(self):
        for recipe in self.recipes:
            with self.subTest(recipe["name"]):
                self.assertEqual(recipe["bad"], recipe["check"] != "ok")
                for verifier in ("openssl", "gnutls"):
                    self.assertTrue(recipe["bad"] or recipe[verifier] == "ok")


class Written(CertificatesTest):
    def test_key_and_chain_only_if_wanted(self):
        for words, certificates, keys in (((), 1, 0), (("--chain",), 2, 0), (("--key",), 1, 1),
                                          (("--chain", "--key"), 2, 1)):
            said = self.certs("good", *words)
            self.assertEqual((said.count("BEGIN CERTIFICATE"), said.count("BEGIN PRIVATE KEY")), (certificates, keys))

    def test_files_with_a_key_are_their_owners(self):
        for words, mode in (((), 0o644), (("--key",), 0o600), (("--format", "p12"), 0o600)):
            with self.subTest(words), open(self.path("written"), "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), 0o644)
                self.certs("good", "-o", file.name, *words)
                self.assertEqual(stat.S_IMODE(os.stat(file.name).st_mode), mode)

    def test_a_server_takes_them(self):
        for name in ("good", "self_signed", "rsa_2048", "long_chain"):
            self.certs(name, "--chain", "--key", "-o", self.path("server.pem"))
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.path("server.pem"))

    def test_pkcs12_is_read_by_openssl(self):
        self.certs("good", "--format", "p12", "-o", self.path("good.p12"))
        said = output("openssl", "pkcs12", "-in", self.path("good.p12"), "-passin", "pass:mailfault", "-nodes")
        self.assertEqual((said.count("BEGIN CERTIFICATE"), said.count("BEGIN PRIVATE KEY")), (2, 1))
        self.certs("good", "--format", "p12", "--password", "other", "-o", self.path("other.p12"))
        self.assertIn("invalid password", output("openssl", "pkcs12", "-in", self.path("other.p12"), "-passin",
                                                 "pass:mailfault", "-nodes"))

    @tool("keytool")
    def test_pkcs12_is_read_by_java(self):
        self.certs("good", "--format", "p12", "-o", self.path("java.p12"))
        said = output("keytool", "-list", "-v", "-keystore", self.path("java.p12"), "-storepass", "mailfault")
        self.assertIn("PrivateKeyEntry", said)
        self.assertIn("Certificate chain length: 2", said)

    def test_names_asked_for(self):
        said = self.certs("good", "--host", "mx.example.org", "--host", "10.1.2.3")
        names = output("openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", self.write("names.pem", said))
        for name in ("DNS:localhost", "IP Address:127.0.0.1", "DNS:mx.example.org", "IP Address:10.1.2.3"):
            self.assertIn(name, names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def test_the_ca_is_the_same_in_each_process(self):
        again = self.certs("ca")
        self.assertEqual(again, self.text("ca.pem"))
        self.assertEqual(self.certs("ca", "--key"), self.text("ca-with-key.pem"))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("ca-with-key.pem")).st_mode), 0o600)

    def test_without_a_file_it_is_new_each_time_and_says_so(self):
        bare = {name: value for name, value in os.environ.items() if name != "MAILFAULT_OPT_CA_FILE"}
        first, second = (mailfault.run("certs", "ca", env=bare) for _ in range(2))
        self.assertNotEqual(first[1], second[1])
        self.assertIn("--ca-file", first[2])


class Mistakes(CertificatesTest):
    def test_each_is_named(self):
        for words, says in (
                (["expird"], "did you mean 'expired'?"),
                (["good", "expired"], "one at a time"),
                (["-o", "x.pem"], "which certificate"),
                (["trust", "kurl"], "did you mean 'curl'?"),
                (["good", "--format", "der"], "there are pem and p12"),
                (["ca", "--format", "p12"], "with its key only"),
                (["good", "--host", "bücher.example"], "xn--bcher-kva.example"),
                (["good", "-o", self.path("none/x.pem")], "No such file"),
                (["good", "--ca-file", self.path("none/ca.pem")], "No such file"),
                (["good", "--ca-file", self.path("ca.pem")], "the key of its first certificate isn't in it")):
            with self.subTest(words):
                wrong = self.certs(*words, status=2)
                self.assertIn(says, wrong)
                self.assertEqual(len(wrong.splitlines()), 1)


JAVA = """
public class Get {
  public static void main(String[] words) throws Exception {
    new java.net.URL(words[0]).openStream().readAllBytes();
  }
}
"""
GO = """
package main

import ("net/http"; "os")

func main() {
  if _, err := http.Get(os.Args[1]); err != nil { println(err.Error()); os.Exit(1) }
}
"""
PHP = "if (@file_get_contents($argv[1]) === false) exit(1);"
CLIENTS = {  # tool: the program that must be there, and how it gets a page
    "curl": ("curl", 'curl -sS "$URL"'),
    "openssl": ("openssl",
                'openssl s_client -connect "${URL#https://}" -verify_return_error -verify_hostname localhost'),
    "python": ("python3", 'python3 -c "import sys, urllib.request as r; r.urlopen(sys.argv[1])" "$URL"'),
    "node": ("node", "node -e 'require(\"https\").get(process.argv[1], r => r.resume())' \"$URL\""),
    "java": ("java", 'java Get.java "$URL"'),
    "go": ("go", 'go run get.go "$URL"'),
    "php": ("php", f"'{PHP}' \"$URL\""),
}


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Trust(CertificatesTest):
    """What `certs trust` prints makes each tool trust a server that it refuses otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certs("good", "--chain", "--key", "-o", cls.path("server.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.path("server.pem"))

        class Server(http.server.ThreadingHTTPServer):
            def get_request(self):
                sock, peer = super().get_request()
                sock.settimeout(20)
                return context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), peer

            def handle_error(self, *_):
                pass  # the client that doesn't trust it

        server = Server(("127.0.0.1", 0), Page)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.url = f"https://localhost:{server.server_address[1]}"
        cls.ways = json.loads(cls.certs("trust", "--json"))
        for name, text in (("Get.java", JAVA), ("get.go", GO)):
            with open(cls.path(name), "w", encoding="utf-8") as file:
                file.write(text)

    def gets_the_page(self, script):
        environment = {name: value for name, value in self.environment.items()
                       if not name.endswith(("_CA_BUNDLE", "_CERT_FILE", "_CA_CERTS"))}
        return subprocess.run(["sh", "-ec", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=90, cwd=self.folder,
                              env={**environment, "URL": self.url})

    def check(self, tool_name):
        program, get = CLIENTS[tool_name]
        if not shutil.which(program):
            self.skipTest(f"no {program} here")
        lines = self.ways[tool_name]
        if tool_name == "php":  # the options belong to its command line
            with_trust, without = lines.replace(" …\n", " -r " + get), "php -r " + get
        else:
            with_trust, without = lines + get, get
        self.assertNotEqual(self.gets_the_page(without).returncode, 0, "it trusts anybody")
        done = self.gets_the_page(with_trust)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_first_lines_make_the_ca(self):
        script = self.ways["first"].replace("mailfault ", f"'{mailfault.PROGRAM}' ")
        home = self.path("home")
        os.mkdir(home)
        done = subprocess.run(["sh", "-ec", script], cwd=home, env={**os.environ, "HOME": home})
        self.assertEqual(done.returncode, 0)
        self.assertEqual(sorted(os.listdir(home)), [".mailfault-ca.pem", "ca.pem"])

    def test_all_are_listed(self):
        self.assertEqual(set(self.ways), {"first", *CLIENTS, "dotnet", "debian"})
        self.assertIn("keytool -importcert", self.certs("trust", "java"))
        self.assertNotIn("NODE_EXTRA", self.certs("trust", "java"))


for each in CLIENTS:
    setattr(Trust, f"test_{each}", lambda self, name=each: self.check(name))


class Documented(CertificatesTest):
    def test_the_table_of_the_readme_is_the_programs(self):
        with open(README, encoding="utf-8") as file:
            rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|$", file.read(), re.MULTILINE)
        self.assertEqual(rows, [(each["name"], each["check"], each["what"]) for each in self.recipes])

    def test_the_list_has_each(self):
        said = self.certs()
        for recipe in self.recipes:
            self.assertRegex(said, rf"(?m)^\s+{recipe['name']}\s+{re.escape(recipe['check'])}")


if __name__ == "__main__":
    unittest.main()
