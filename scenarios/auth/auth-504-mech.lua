scenario {
  title    = "504 to the first AUTH of a connection: the mechanism is offered, and not known",
  emulates = "Exchange and Postfix with a list that isn't theirs",
  sources  = { "MailKit#260", "RFC 4954 section 4" },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- trying the other mechanism is right here
}

capabilities { "+AUTH CRAM-MD5 LOGIN PLAIN" }
on.command:verb("AUTH"):first(1):per("connection"):reply(504, "5.5.4", "Unrecognized authentication type")

expect.outcome { "delivered", "misconfigured" }           -- delivered: by the next mechanism of the list

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH CRAM-MD5
S: 504 5.5.4 Unrecognized authentication type
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
