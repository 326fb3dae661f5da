scenario {
  title    = "421 to AUTH while a user has more than 3 connections open",
  emulates = "Amazon SES (the stage is approximate)",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html" },
  params   = { limit = { 3, "connections that a user may have open" } },
  needs    = { connections = 4, auth = true },
}

limits {
  connections = { params.limit, per = "user", reply = { 421, "Too many concurrent SMTP connections" } },
}

expect.outcome "temporary"

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S2: 421 Too many concurrent SMTP connections
S2: <close>
]] }
