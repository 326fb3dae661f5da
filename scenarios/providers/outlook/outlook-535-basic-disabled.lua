scenario {
  title    = "535 to AUTH: passwords are no longer accepted, OAuth is",
  emulates = "Outlook.com, submission",
  sources  = { "a reply of Outlook.com, October 2024" },
  needs    = { tls = true, auth = true },
}
provider "outlook"

on.auth:reply(535, "5.7.139", "Authentication unsuccessful, basic authentication is disabled. "
  .. "[AS4P251CA0014.EURP251.PROD.OUTLOOK.COM 2024-10-26T21:19:04.955Z 08DCF55F2D078725]")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 535 5.7.139 Authentication unsuccessful, basic authentication is disabled. ...
]]
