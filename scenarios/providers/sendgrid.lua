-- Twilio SendGrid: smtp.sendgrid.net, ports 25, 587 and 2525; 465 with TLS from the start. The user is always apikey.
-- AUTH is offered in clear, and twice, the second time as clients of old want it.
local telnet = "a telnet session with smtp.sendgrid.net"
local docs   = "SendGrid: sending a test email with Telnet"

return {
  title      = "SendGrid",
  sources    = { telnet, docs, "a Flask-Mail log with STARTTLS" },
  host       = "smtp.sendgrid.net",
  id         = "[A-Za-z0-9_-]{22}",
  session_id = "ismtpd00[0-9]{2}p1las1",

  capabilities = {
    before_tls = { "8BITMIME", "PIPELINING", "SIZE 31457280", "STARTTLS", "AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN" },
    after_tls  = { "8BITMIME", "PIPELINING", "SIZE 31457280", "STARTTLS", "AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN" },
  },
  requires = { auth = true },
  limits   = { recipients_per_message = 1000, messages_per_connection = 5000 },

  replies = {
    greeting        = verified("220 SG ESMTP service ready at {session_id}.sendgrid.net", telnet),
    ehlo            = verified("250 {host}", telnet),
    helo            = approximate("250 {host}"),
    starttls        = verified("220 Begin TLS negotiation now", "a Flask-Mail log with STARTTLS"),
    auth_ok         = verified("235 Authentication successful", telnet),
    auth_failed     = verified("535 Authentication failed: Bad username / password", telnet),
    mail            = verified("250 Sender address accepted", telnet),
    rcpt            = verified("250 Recipient address accepted", telnet),
    data            = verified("354 Continue", telnet),
    message         = verified("250 Ok: queued as {id}", telnet),
    quit            = verified("221 See you later", telnet),
    rset            = approximate("250 Reset"),
    noop            = approximate("250 Ok"),
    vrfy            = approximate("252 Cannot VRFY user"),

    auth_required   = verified("550 Unauthenticated senders not allowed", "sendgrid/docs#6473"),
    auth_again      = approximate("503 Already authenticated"),
    auth_unknown    = approximate("504 Unrecognized authentication type"),
    auth_not_base64 = approximate("501 Cannot decode response"),
    auth_malformed  = approximate("501 Cannot decode response"),
    auth_aborted    = approximate("501 Authentication aborted"),
    hello_first     = approximate("503 Must have HELO first"),
    need_mail       = approximate("503 Must have sender before recipient"),
    need_rcpt       = approximate("503 Must have valid recipient before data"),
    no_recipients   = approximate("503 Must have valid recipient before data"),
    nested_mail     = approximate("503 Sender already specified"),
    mail_syntax     = approximate("501 Syntax error"),
    rcpt_syntax     = approximate("501 Syntax error"),
    mail_address    = approximate("501 Syntax error"),
    rcpt_address    = approximate("501 Syntax error"),
    unknown_option  = approximate("555 Unsupported option: {detail}"),
    unknown_command = approximate("500 Command not recognized"),
    too_large       = approximate("552 Message exceeds fixed maximum message size"),
    too_many_recipients = approximate("452 Too many recipients"),
    too_many_messages   = approximate("421 Too many messages on this connection"),
    timeout         = approximate("421 Timeout waiting for command"),
  },
}
