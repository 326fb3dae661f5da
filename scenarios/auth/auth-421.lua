scenario {
  title    = "421 to AUTH, and the connection closes",
  emulates = "an overloaded server (text approximate)",
  sources  = { "RFC 4954", "RFC 5321 section 3.8" },
  params   = { times = { 1, "logins that fail before the server recovers" } },
  needs    = { auth = true },
}

on.auth:first(params.times):reply(421, "4.7.0", "Try again later, closing connection."):close()

expect.outcome "temporary"                                -- no reason to doubt the password

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 421 4.7.0 Try again later, closing connection.
S: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S2: 235 ...
]]
