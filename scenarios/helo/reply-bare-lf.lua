scenario {
  title    = "The lines of the EHLO reply end with LF alone",
  emulates = "old appliances",
  sources  = { "PHPMailer#1017", "RFC 5321 section 2.3.8" },
}

on.helo:accept():send("250-{host}\n250-8BITMIME\n250 AUTH PLAIN LOGIN\n")

expect.outcome { "delivered", "temporary" }               -- takes it, or says what is wrong; it does not hang

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}<cut>
C: <close>
]]
