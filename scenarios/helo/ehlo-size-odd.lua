scenario {
  title    = "SIZE comes with a number that fits no integer",
  emulates = "various servers",
  sources  = { "Postfix smtp_proto.c", "RFC 1870 section 3" },
  params   = { line = { "SIZE 99999999999999999999", "the line; as odd are: SIZE, SIZE 0, SIZE abc" } },
}

capabilities { "PIPELINING", params.line, "8BITMIME", "AUTH PLAIN LOGIN" }

expect.outcome "delivered"                                -- an odd number is no limit

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE 99999999999999999999
S: 250-8BITMIME
S: 250 AUTH PLAIN LOGIN
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
example { line = "SIZE abc", [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE abc
S: 250-8BITMIME
S: 250 AUTH PLAIN LOGIN
]] }
