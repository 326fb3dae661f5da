scenario {
  title    = "535 to AUTH: the credentials were incorrect",
  emulates = "Microsoft 365, submission (text approximate)",
  sources  = { "Microsoft 365" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.auth:reply(535, "5.7.139", "Authentication unsuccessful, the user credentials were incorrect. "
  .. "[SY5P282CA0097.AUSP282.PROD.OUTLOOK.COM {date} {session_id}]")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. ...
]]
