scenario {
  title    = "A second EHLO after AUTH is never answered",
  emulates = "smtp.dm.aliyun.com",
  sources  = { "MailKit release notes 1.0.28 to 1.0.80" },
  needs    = { auth = true },
}

on.helo:where("authenticated"):stall()

expect.outcome { "delivered", "temporary" }               -- no EHLO where none is needed

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: EHLO client.example
S: <silence 5m>
]]
