-- A Cisco PIX or ASA with "fixup protocol smtp" (later "inspect esmtp") in front of a Postfix. It stars out what the
-- greeting says, and overwrites the keywords that it doesn't know in the EHLO reply, byte for byte.
local greeting = "sessions through a PIX, 2005 and 2014"
local ehlo     = "a session with metagross.zimmerman.io"

return {
  title   = "Cisco PIX in front of a Postfix",
  sources = { greeting, ehlo, "Cisco: SMTP and ESMTP inspection" },
  host    = "mail.example.com",
  id      = "[0-9A-F]{11}",

  capabilities = {
    before_tls = { "PIPELINING", "SIZE 10240000", "VRFY", "ETRN", "XXXXXXXA", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN" },
  },

  replies = {
    greeting        = verified("220 ************************************", greeting),
    ehlo            = verified("250 {host}", ehlo),
    starttls_off    = approximate("500 5.5.2 Error: command not recognized"),   -- the client's word is overwritten, too
    auth_off        = approximate("500 5.5.2 Error: command not recognized"),
    unknown_command = approximate("500 5.5.2 Error: command not recognized"),
    help            = approximate("500 5.5.2 Error: command not recognized"),
    message         = verified("250 2.0.0 Ok: queued as {id}", "Postfix src/smtpd/smtpd.c"),
  },
}
