scenario {
  title    = "The connection is refused",
  emulates = "a service that is down, a wrong port",
  sources  = { "RFC 5321 section 4.5.4" },
}

doors { smtp = { port = 25, state = "refused", main = true } }

expect.outcome "temporary"                                -- and known at once: there is nothing to wait for
