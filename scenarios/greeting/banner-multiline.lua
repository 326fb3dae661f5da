scenario {
  title    = "The greeting has three lines, half a second apart",
  emulates = "Exim under cPanel",
  sources  = { "QtMail#1", "RFC 5321 section 4.2.1" },
  params   = { gap = { "500ms", "time between two lines" } },
}

on.greeting
  :reply(220, {
    "{host} ESMTP Exim 4.96 #2",
    "We do not authorize the use of this system to transport unsolicited,",
    "and/or bulk e-mail.",
  })
  :drip("line", params.gap)                               -- who speaks after the first line speaks too early

expect.outcome "delivered"

example [[
S: 220-{host} ESMTP Exim 4.96 #2
S: <silence 400ms>
S: 220-We do not authorize ...
S: <silence 400ms>
S: 220 and/or bulk e-mail.
C: EHLO client.example
S: 250 ...
]]
