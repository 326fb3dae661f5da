scenario {
  title    = "The port takes connections, and nobody behind it ever speaks",
  emulates = "a hung server: the kernel accepts, the program never does",
  sources  = { "RFC 5321 section 4.5.3.2.1" },
}

doors { smtp = { port = 25, state = "silent" } }

expect.outcome "temporary"

example [[
S: <silence 4m>
C: EHLO client.example
S: <silence 4m>
S: <stored 0>
]]
