scenario {
  title    = "The lines of the EHLO reply end with LF alone",
  emulates = "old appliances",
  sources  = { "PHPMailer#1017", "RFC 5321 section 2.3.8" },
}

on.helo:rewrite(function(_, text) return (text:gsub("\r\n", "\n")) end)

expect.outcome { "delivered", "temporary" }               -- takes it, or says what is wrong; it does not hang

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}<cut>
C: <close>
]]
