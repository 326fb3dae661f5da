scenario {
  title    = "454 to AUTH: the domain controller cannot be reached",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
  needs    = { auth = true },
}
provider "exchange"
capabilities { "+AUTH NTLM LOGIN" }                        -- a connector that takes passwords, too

on.auth:reply(454, "4.7.0", "Temporary authentication failure")

expect.outcome "temporary"

example [[
C: <ehlo>
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 454 4.7.0 Temporary authentication failure
]]
