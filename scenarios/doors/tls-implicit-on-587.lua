scenario {
  title    = "Port 587 waits for a ClientHello, and the client for a greeting",
  emulates = "an administrator who put implicit TLS on 587",
  sources  = { "PHPMailer#629", "Postfix 20091127", "RFC 8314 section 3.3" },
}

doors { submission = { port = 587, tls = "implicit", main = true } }
on.connect:proceed()                                      -- the usual: nothing before the ClientHello

expect.outcome { "misconfigured", "temporary", lax = "delivered" } -- lax: by a client set up for implicit TLS

example [[
C: <connect submission>
S: <silence 2m>
]]
example [[
C: <connect submission>
C: <tls>
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
