scenario {
  title    = "354 after the final dot where 250 is due; the message is not stored",
  emulates = "a broken server (text approximate)",
  sources  = { "dart-mailer#41", "RFC 5321 section 4.1.1.4" },
  params   = { times = { 1, "messages that are lost" } },
}

on.message:first(params.times):reply(354, "End data with <CR><LF>.<CR><LF>")

expect.outcome "ambiguous"                                -- a protocol error after the body

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
S: 354 End data with <CR><LF>.<CR><LF>
S: <stored 0>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 1>
]]
