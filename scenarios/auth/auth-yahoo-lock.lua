scenario {
  title    = "535 to AUTH, and the connection closes: the account is locked after too many attempts",
  emulates = "Yahoo",
  sources  = { "a reply of Yahoo", "RFC 4954 section 6" },
  needs    = { auth = true },
}

on.auth:reply(535, "5.7.0", "(#AUTH005) Too many bad auth attempts."):close()

expect.outcome "misconfigured"                            -- every further attempt keeps it locked

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.0 (#AUTH005) Too many bad auth attempts.
S: <close>
]]
