scenario {
  title    = "535 to AUTH in two lines, the second with the address of a help page",
  emulates = "Gmail with a wrong password",
  sources  = { "spksrc#4340", "RFC 4954 section 6" },
  needs    = { auth = true },
}

on.auth:reply(535, "5.7.8", {
  "Username and Password not accepted. For more information, go to",
  " https://support.google.com/mail/?p=BadCredentials {id} - gsmtp" })

expect.outcome "misconfigured"                            -- with the text of both lines

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535-5.7.8 Username and Password not accepted. For more information, go to
S: 535 5.7.8  https://support.google.com/mail/?p=BadCredentials ... - gsmtp
]]
