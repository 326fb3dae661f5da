scenario {
  title    = "512 random bytes come where the ServerHello should be",
  emulates = "another protocol, a broken proxy",
  sources  = { "RFC 8446 section 5" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake(function(session)
  local bytes = {}
  for i = 1, 512 do bytes[i] = string.char(math.random(0, 255)) end
  session:send(table.concat(bytes))
  return close()
end)

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <close>
]]
