scenario {
  title    = "221 to an HTTP request: I can break rules, too",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
}
provider "postfix"

on.command:verb({ "GET", "POST", "CONNECT" }):reply(221, "2.7.0", "Error: I can break rules, too. Goodbye."):close()

expect.outcome "delivered"                                -- no mail client says GET

example [[
S: 220 mail.example.com ESMTP Postfix
C: GET / HTTP/1.1
S: 221 2.7.0 Error: I can break rules, too. Goodbye.
S: <close>
]]
