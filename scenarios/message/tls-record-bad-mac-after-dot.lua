scenario {
  title    = "The message is stored, and its 250 comes in a record whose MAC is wrong",
  emulates = "bad memory, a meddling box",
  sources  = { "RFC 8446 section 5.2", "RFC 1047" },
  params   = { times = { 1, "messages whose reply can't be read" } },
  needs    = { tls = true },
}

on.message:first(params.times):where("tls"):tls_damage("mac"):proceed()

expect.outcome "ambiguous"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: <close>
S: <stored 1>
]]
