scenario {
  title    = "The connection attempt gets no answer at all",
  emulates = "outgoing port 25 blocked by the host: Amazon EC2, Google Cloud, Hetzner, DigitalOcean",
  sources  = { "Amazon SES developer guide", "emailengine#508", "plunk#194", "deep-email-validator#28" },
}

doors { smtp = { port = 25, state = "dropped", main = true } }

expect.outcome "temporary"                                -- not "invalid address", and not minutes later
