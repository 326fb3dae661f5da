scenario {
  title    = "421 to EHLO, then FIN",
  emulates = "a server that is shutting down",
  sources  = { "Postfix smtp_proto.c", "PHPMailer#2189", "RFC 5321 section 3.8" },
}

on.helo:reply(421, "4.3.2", "Service not available"):close()

expect.outcome "temporary"                                -- no reason to try HELO

example [[
S: 220 ...
C: EHLO client.example
S: 421 4.3.2 Service not available
S: <close>
]]
