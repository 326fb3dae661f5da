scenario {
  title    = "Port 465 waits for a ClientHello, and the client for a greeting",
  emulates = "STARTTLS set up with port 465",
  sources  = { "PHPMailer#629", "Postfix 20091127", "RFC 8314 section 3.3" },
}

doors { smtps = { port = 465, tls = "implicit", main = true } }
on.connect:proceed()                                      -- the usual: nothing before the ClientHello

expect.outcome { "misconfigured", "temporary", lax = "delivered" } -- lax: by a client set up for implicit TLS

example [[
C: <connect smtps>
S: <silence 2m>
]]
example [[
C: <connect smtps>
C: <tls>
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
