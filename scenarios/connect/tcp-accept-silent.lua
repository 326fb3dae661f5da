scenario {
  title    = "The connection is accepted, and nothing ever comes",
  emulates = "an overloaded server, a wrong port, a port for TLS spoken to in plain",
  sources  = { "nodemailer#1099", "nodemailer#1470", "chatmail/core#1062", "PMail PR#361" },
}

on.connect:stall()

expect.outcome "temporary"

example [[
S: <silence 5m>
C: EHLO client.example
S: <silence 30s>
C: <close>
]]
