scenario {
  title    = "The certificate's RSA key has 512 bits",
  emulates = "a very old appliance",
  sources  = { "NIST SP 800-131A", "FREAK, CVE-2015-0204" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "rsa_512", tls_versions = "1.2" }   -- TLS 1.3 can't sign with so small a key

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls rsa_512>
C: EHLO client.example
S: 250 ...
]]
