scenario {
  title    = "The connection closes after the user name of AUTH LOGIN",
  emulates = "an intrusion detection system, a backend that crashes",
  sources  = { "RFC 4954" },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN" }                            -- the mechanism that sends the name apart
on.command:where("line", "AUTH LOGIN ?*"):close()         -- the name came with the command
on.command:where("line", "AUTH LOGIN"):challenge("Username:"):close()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: <close>
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN dXNlckBleGFtcGxlLmNvbQ==
S: <close>
]]
