scenario {
  title    = "535 to AUTH: passwords are no longer accepted, OAuth is",
  emulates = "Outlook.com, Microsoft 365 with security defaults",
  sources  = { "a reply of Outlook.com, October 2024", "RFC 4954 section 6" },
  needs    = { auth = true },
}

on.auth:reply(535, "5.7.139", "Authentication unsuccessful, basic authentication is disabled."
  .. " [AS4P251CA0014.EURP251.PROD.OUTLOOK.COM 2024-10-26T21:19:04.955Z 08DCF55F2D078725]")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.139 Authentication unsuccessful, basic authentication is disabled. ...
]]
