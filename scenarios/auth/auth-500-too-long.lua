scenario {
  title    = "500 to an AUTH command of more than 32 bytes: the initial response is too long for the server",
  emulates = "servers with a short line and a client with a large token (the limit is exaggerated)",
  sources  = { "RFC 4954 section 4", "RFC 4954 section 6", "PHPMailer changelog" },
  params   = { longest = { 32, "bytes of an AUTH command that the server takes" } },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- the same response, apart from the command, is right here
}

on.command:verb("AUTH"):matching(function(session) return #session.line > params.longest end)
  :reply(500, "5.5.6", "Authentication exchange line is too long")

expect.outcome { "delivered", "misconfigured" }           -- delivered: the response follows the 334

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 500 5.5.6 Authentication exchange line is too long
C: AUTH PLAIN
S: 334 ...
C: AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
