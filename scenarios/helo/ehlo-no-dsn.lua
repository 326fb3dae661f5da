scenario {
  title    = "DSN is not offered",
  emulates = "most submission servers of providers",
  sources  = { "RFC 3461 section 4.1" },
}

capabilities { "-DSN" }

expect.outcome "delivered"                                -- without NOTIFY, RET, ENVID and ORCPT

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com> RET=HDRS
S: 555 5.5.4 Unsupported option: RET
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
