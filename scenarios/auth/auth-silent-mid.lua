scenario {
  title    = "AUTH has begun, and the challenge after it never comes",
  emulates = "an authentication backend that hangs, an IDS",
  sources  = { "RFC 5321 section 4.5.3.2", "RFC 4954 section 4" },
  params   = { times = { 1, "exchanges that go silent" } },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN" }
on.auth:at(1):first(params.times):stall()

expect.outcome "temporary"                                -- and no other password is asked for

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: <silence 5m>
C: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: AUTH LOGIN
S2: 334 VXNlcm5hbWU6
]]
