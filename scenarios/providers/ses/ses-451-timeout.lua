scenario {
  title    = "451 to a client that is silent for 10 s, and the connection closes",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide", "nodemailer#9" },
  needs    = { messages = 2, idle = "12s", tls = true, auth = true },
}
provider "ses"

on.idle:at("10s"):reply(451, "4.4.2", "Timeout waiting for data from client."):close()

expect.outcome "reconnects"

example [[
C: <login>
S: <silence 9s>
S: 451 4.4.2 Timeout waiting for data from client.
S: <close>
]]
