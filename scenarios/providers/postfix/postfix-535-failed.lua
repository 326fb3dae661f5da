scenario {
  title    = "535 to AUTH: authentication failed",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_sasl_glue.c", "cpython#100331" },
  needs    = { auth = true },
}
provider "postfix"

on.auth:reply(535, "5.7.8", "Error: authentication failed: UGFzc3dvcmQ6")

expect.outcome "misconfigured"                            -- the end is "Password:" in base64

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6
]]
