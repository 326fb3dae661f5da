-- The relay for the servers and devices of a Google Workspace domain: smtp-relay.gmail.com, ports 25, 587 and 465.
-- It knows them by their address or by a login, so it asks nobody to log in.
local session = "a session with smtp-relay.gmail.com, March 2020"
local codes   = "Google's SMTP error reference, support.google.com/a/answer/3726730"

return {
  title   = "Google Workspace, SMTP relay",
  sources = { session, codes },
  host    = "smtp-relay.gmail.com",
  id      = "[a-f0-9]{13}-[a-f0-9]{11}sm[0-9]{8}[a-z]{3}.[0-9]{1}",

  capabilities = {
    before_tls = { "SIZE 35882577", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING",
                   "SMTPUTF8" },
    after_tls  = { "SIZE 35882577", "8BITMIME", "AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH",
                   "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING", "SMTPUTF8" },
  },
  limits   = { recipients_per_message = 100 },                -- of one message that comes by SMTP

  replies = {
    greeting        = verified("220 {host} ESMTP {id} - gsmtp", session),
    ehlo            = approximate("250 {host} at your service, [{peer}]"),
    helo            = verified("250 {host} at your service", session),
    starttls        = verified("220 2.0.0 Ready to start TLS", "a session with smtp.gmail.com, June 2026"),
    auth_ok         = verified("235 2.7.0 Accepted", "a session with smtp.gmail.com, 2009"),
    auth_failed     = verified("535-5.7.8 Username and Password not accepted. For more information, go to\n"
                      .. "535 5.7.8  https://support.google.com/mail/?p=BadCredentials {id} - gsmtp", "spksrc#4340"),
    mail            = verified("250 2.1.0 OK {id} - gsmtp", session),
    rcpt            = verified("250 2.1.5 OK {id} - gsmtp", session),
    data            = verified("354  Go ahead {id} - gsmtp", session),               -- two spaces
    message         = verified("250 2.0.0 OK  {epoch} {id} - gsmtp", session),
    quit            = verified("221 2.0.0 closing connection {id} - gsmtp", session),
    rset            = approximate("250 2.1.5 Flushed {id} - gsmtp"),
    noop            = approximate("250 2.0.0 OK {id} - gsmtp"),
    vrfy            = approximate("252 2.1.5 Send some mail, I'll try my best {id} - gsmtp"),
    help            = approximate("214 2.0.0 https://www.google.com/search?btnI&q=RFC+5321 {id} - gsmtp"),

    tls_required    = verified("530 5.7.0 Must issue a STARTTLS command first. {id} - gsmtp", codes),
    auth_required   = verified("530 5.5.1 Authentication Required. {id} - gsmtp", codes),
    auth_again      = verified("503 5.7.0 No identity changes permitted. {id} - gsmtp", codes),
    auth_unknown    = verified("504 5.7.4 Unrecognized Authentication Type. {id} - gsmtp", codes),
    auth_not_base64 = verified("501 5.5.2 Syntax error, cannot decode response {id} - gsmtp", codes),
    auth_malformed  = verified("501 5.5.2 Syntax error, cannot decode response {id} - gsmtp", codes),
    auth_aborted    = approximate("501 5.7.0 Authentication canceled. {id} - gsmtp"),
    hello_first     = verified("503 5.5.1 EHLO/HELO first. {id} - gsmtp", codes),
    helo_syntax     = verified("501 5.5.4 HELO/EHLO argument is invalid. {id} - gsmtp", codes),
    need_mail       = verified("503 5.5.1 MAIL first. {id} - gsmtp", codes),
    need_rcpt       = verified("503 5.5.1 RCPT first. {id} - gsmtp", codes),
    no_recipients   = verified("503 5.5.1 RCPT first. {id} - gsmtp", codes),
    nested_mail     = approximate("503 5.5.1 Nested MAIL command. {id} - gsmtp"),
    mail_syntax     = verified("555 5.5.2 Syntax error. {id} - gsmtp", codes),
    rcpt_syntax     = verified("555 5.5.2 Syntax error. {id} - gsmtp", codes),
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
