scenario {
  title    = "534 to AUTH: an application-specific password is required",
  emulates = "Gmail with two-step verification (second sentence and layout approximate)",
  sources  = { "support.google.com/a/answer/3726730", "RFC 4954 section 6" },
  needs    = { auth = true },
}

on.auth:reply(534, "5.7.9", {
  "Application-specific password required. For more information, go to",
  " https://support.google.com/mail/?p=InvalidSecondFactor {id} - gsmtp" })

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 534-5.7.9 Application-specific password required. For more information, go to
S: 534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor ... - gsmtp
]]
