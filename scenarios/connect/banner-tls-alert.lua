scenario {
  title    = "A TLS alert comes instead of the greeting",
  emulates = "a port for implicit TLS that a plain client talks to",
  sources  = { "RFC 8446 section 6", "MailKit SslHandshakeException" },
}

-- a record of type alert, version 3.1, two bytes: fatal, protocol_version
on.connect:send("\x15\x03\x01\x00\x02\x02\x46"):close()

expect.outcome "misconfigured"                            -- "the server speaks TLS here"

example("S: \x15\x03\x01\x00\x02\x02\x46<cut>\nS: <close>\n")
