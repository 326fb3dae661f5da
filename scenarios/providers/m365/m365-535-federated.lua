scenario {
  title    = "535 to AUTH: the organization's own login service was unreachable",
  emulates = "Microsoft 365, submission (what stands in brackets is approximate)",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.auth:reply(535, "5.7.139", "Authentication unsuccessful, federated STS service was unreachable. "
  .. "[SY5P282CA0097.AUSP282.PROD.OUTLOOK.COM {date} {session_id}]")

expect.outcome "misconfigured"                            -- the code says so, though waiting might help

example [[
C: <ehlo>
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 535 5.7.139 Authentication unsuccessful, federated STS service was unreachable. ...
]]
