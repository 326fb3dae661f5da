scenario {
  title    = "The 334 to AUTH PLAIN says Go ahead, which is no base64",
  emulates = "Mailgun",
  sources  = { "a telnet session with smtp.mailgun.org", "RFC 4954 section 4" },
  params   = { text = { "Go ahead", "what stands behind 334; Yahoo: UGxhaW46" } },
  needs    = { auth = true },
}

capabilities { "+AUTH PLAIN" }
on.auth:at(1):send("334 " .. params.text .. "\r\n")

expect.outcome "delivered"                                -- PLAIN's 334 carries nothing: its text doesn't matter

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN
S: 334 Go ahead
C: AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
example { text = "UGxhaW46", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN
S: 334 UGxhaW46
C: AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]] }
