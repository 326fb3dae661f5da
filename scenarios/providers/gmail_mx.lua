-- Where mail for gmail.com and for the domains of Google Workspace is delivered: gmail-smtp-in.l.google.com, port 25.
local session = "sessions with Google's MX hosts, 2011 to 2025"
local codes   = "Google's SMTP error reference, support.google.com/a/answer/3726730"

return {
  title   = "Gmail and Google Workspace, MX",
  sources = { session, codes },
  host    = "mx.google.com",
  id      = "[a-f0-9]{13}-[a-f0-9]{11}si[0-9]{8}[a-z]{3}.[0-9]{2}",

  capabilities = {
    before_tls = { "SIZE 157286400", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING",
                   "SMTPUTF8" },
    after_tls  = { "SIZE 157286400", "8BITMIME", "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING", "SMTPUTF8" },
  },
  limits   = { recipients_per_message = 100 },                -- the rest in a transaction of its own

  replies = {
    greeting        = verified("220 {host} ESMTP {id} - gsmtp", session),
    ehlo            = verified("250 {host} at your service, [{peer}]", session),
    helo            = verified("250 {host} at your service", session),
    starttls        = verified("220 2.0.0 Ready to start TLS", session),
    mail            = verified("250 2.1.0 OK {id} - gsmtp", session),
    rcpt            = verified("250 2.1.5 OK {id} - gsmtp", session),
    data            = verified("354  Go ahead {id} - gsmtp", session),               -- two spaces
    message         = verified("250 2.0.0 OK  {epoch} {id} - gsmtp", session),
    quit            = verified("221 2.0.0 closing connection {id} - gsmtp", session),
    rset            = approximate("250 2.1.5 Flushed {id} - gsmtp"),
    noop            = approximate("250 2.0.0 OK {id} - gsmtp"),
    vrfy            = approximate("252 2.1.5 Send some mail, I'll try my best {id} - gsmtp"),
    help            = approximate("214 2.0.0 https://www.google.com/search?btnI&q=RFC+5321 {id} - gsmtp"),

    hello_first     = verified("503 5.5.1 EHLO/HELO first. {id} - gsmtp", codes),
    helo_syntax     = verified("501 5.5.4 HELO/EHLO argument is invalid. {id} - gsmtp", codes),
    need_mail       = verified("503 5.5.1 MAIL first. {id} - gsmtp", codes),
    need_rcpt       = verified("503 5.5.1 RCPT first. {id} - gsmtp", codes),
    no_recipients   = verified("503 5.5.1 RCPT first. {id} - gsmtp", codes),
    nested_mail     = approximate("503 5.5.1 Nested MAIL command. {id} - gsmtp"),
    mail_syntax     = verified("555 5.5.2 Syntax error. {id} - gsmtp", codes),
    rcpt_syntax     = verified("555 5.5.2 Syntax error. {id} - gsmtp", codes),
    auth_off        = approximate("502 5.5.1 Unrecognized command. {id} - gsmtp"),
    mail_address    = verified("553 5.1.7 The sender address {detail} is not a valid RFC 5321 address."
                      .. " {id} - gsmtp", codes),
    rcpt_address    = verified("553 5.1.3 The recipient address {detail} is not a valid RFC 5321 address."
                      .. " {id} - gsmtp", codes),
    unknown_option  = verified("555 5.5.2 Syntax error. {id} - gsmtp", codes),
    unknown_command = verified("502 5.5.1 Unrecognized command. {id} - gsmtp", codes),
    expn            = verified("502 5.5.1 Unimplemented command. {id} - gsmtp", codes),
    too_large       = verified("552 5.3.4 Your message exceeded Google's message size limits. {id} - gsmtp", codes),
    too_many_recipients = verified("452 4.5.3 Your message has too many recipients. {id} - gsmtp", codes),
    too_many_errors = verified("502 5.5.1 Too many unrecognized commands, goodbye. {id} - gsmtp", codes),
    timeout         = verified("451 4.4.2 Timeout - closing connection. {id} - gsmtp", codes),
  },
}
