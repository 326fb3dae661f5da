scenario {
  title    = "235 to AUTH, and 530 to each MAIL of that connection: the login is forgotten at once",
  emulates = "a balancer that moves sessions",
  sources  = { "RFC 4954 section 6" },
  needs    = { auth = true },
}

on.mail:where("authenticated"):where("connection", 1):reply(530, "5.7.0", "Authentication required")

expect.outcome { "reconnects", "temporary" }              -- and logs in again

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 530 5.7.0 Authentication required
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S2: 235 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
]]
