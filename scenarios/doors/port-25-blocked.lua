scenario {
  title    = "Port 25 gets no answer, and port 587 of the same host works",
  emulates = "outgoing port 25 blocked by the host: Amazon EC2, Google Cloud, Hetzner, DigitalOcean",
  sources  = { "Amazon SES developer guide", "TryGhost/Docs PR#136", "RFC 8314" },
}

doors {
  smtp       = { port = 25, state = "dropped", main = true },       -- the door that the client is given
  submission = { port = 587 },
}

expect.outcome { "temporary", "delivered" }               -- reports the dead port, or tries the other one

example [[
C: <connect submission>
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
