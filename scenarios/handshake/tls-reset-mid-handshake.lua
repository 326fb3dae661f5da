scenario {
  title    = "RST in the midst of the server's handshake messages",
  emulates = "deep packet inspection",
  sources  = { "RFC 8446 section 6.1", "Postfix 20060719" },
  params   = { before = { "certificate", "the server's message that doesn't come any more" } },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:at(params.before):reset()

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]]
example { before = "server_hello", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]] }
example { before = "encrypted_extensions", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]] }
example { before = "certificate_verify", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]] }
example { before = "finished", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]] }
