scenario {
  title    = "The message is stored, and the connection is reset without a reply",
  emulates = "a load balancer",
  sources  = { "nodemailer#1105", "RFC 1047" },
  params   = { times = { 1, "messages whose reply is lost" } },
}

on.message:first(params.times):accept():reset()

expect.outcome "ambiguous"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: <reset>
S: <stored 1>
]]
