scenario {
  title    = "EHLO and HELO both get 502",
  emulates = "a service that greets like SMTP and is none",
  sources  = { "go-mail ee57f75" },
}

on.helo:reply(502, "5.5.1", "Error: {verb} not implemented")       -- the text is approximate

expect.outcome "permanent"                                -- the error worth showing is that of EHLO

example [[
S: 220 ...
C: EHLO client.example
S: 502 5.5.1 Error: EHLO not implemented
C: HELO client.example
S: 502 5.5.1 Error: HELO not implemented
]]
