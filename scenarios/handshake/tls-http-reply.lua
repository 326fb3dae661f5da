scenario {
  title    = "HTTP comes where the ServerHello should be",
  emulates = "a web server or a captive portal on this port",
  sources  = { "curl#8506" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"):close()

expect.outcome { "temporary", "misconfigured", "refuses" } -- this is no mail server
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <close>
]]
