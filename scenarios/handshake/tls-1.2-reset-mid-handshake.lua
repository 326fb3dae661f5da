scenario {
  title    = "TLS 1.2: RST in the midst of the server's handshake messages",
  emulates = "deep packet inspection",
  sources  = { "RFC 5246 section 7.3" },
  params   = { before = { "certificate", "the server's message that doesn't come any more" } },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tls_versions = "1.2" }
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
example { before = "server_key_exchange", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]] }
example { before = "server_hello_done", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]] }
example { before = "change_cipher_spec", [[
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
