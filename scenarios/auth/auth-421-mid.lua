scenario {
  title    = "421 in the middle of AUTH, in place of the challenge, and the connection closes",
  emulates = "a server that is shut down",
  sources  = { "RFC 4954 section 6", "RFC 5321 section 3.8" },
  params   = { times = { 1, "exchanges that end so" } },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN" }
on.auth:at(1):first(params.times):reply(421, "4.3.2", "{host} Service shutting down"):close()

expect.outcome "temporary"                                -- the password isn't at fault

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 421 4.3.2 {host} Service shutting down
S: <close>
]]
