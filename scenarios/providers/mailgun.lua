-- Mailgun: smtp.mailgun.org and smtp.eu.mailgun.org, ports 25, 587 and 2525; 465 with TLS from the start.
-- AUTH is offered in clear. RSET after a message ends the connection now and then (MailKit#1881).
local telnet = "a telnet session with smtp.mailgun.org"
local trace  = "a trace of an OCaml client with smtp.mailgun.org"

return {
  title      = "Mailgun",
  sources    = { telnet, trace, "MailKit#1881" },
  host       = "smtp.mailgun.org",
  id         = "[0-9a-f]{24}",
  session_id = "[0-9a-f]{12}",

  capabilities = {
    before_tls = { "AUTH PLAIN LOGIN", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "PIPELINING", "STARTTLS" },
    after_tls  = { "AUTH PLAIN LOGIN", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "PIPELINING" },
  },
  requires = { auth = true },
  limits   = { recipients_per_message = 1000 },

  replies = {
    greeting          = verified("220 Mailgun Influx ready", telnet),
    ehlo              = verified("250 {session_id}", telnet),
    helo              = approximate("250 {session_id}"),
    starttls          = verified("220 Go ahead", trace),
    auth_prompt_plain = verified("334 Go ahead", telnet),         -- no base64
    auth_ok           = approximate("235 Authentication succeeded"),
    auth_failed       = approximate("535 Authentication failed"),
    mail              = verified("250 Sender address accepted", "a trace in mailgun/holster"),
    rcpt              = verified("250 Recipient address accepted", "a trace in mailgun/holster"),
    data              = verified("354 Continue", "a trace in mailgun/holster"),
    message           = verified("250 Great success", "MailKit#1881"),
    quit              = approximate("221 See you later. Yours truly, Mailgun"),
    rset              = approximate("250 Reset"),
    noop              = approximate("250 Ok"),
    vrfy              = approximate("252 Cannot VRFY user"),

    auth_required     = approximate("530 Authentication required"),
    auth_again        = approximate("503 Already authenticated"),
    auth_unknown      = approximate("504 Unrecognized authentication type"),
    auth_not_base64   = approximate("501 Cannot decode response"),
    auth_malformed    = approximate("501 Cannot decode response"),
    auth_aborted      = approximate("501 Authentication aborted"),
    hello_first       = approximate("503 Must have HELO first"),
    need_mail         = approximate("503 Must have sender before recipient"),
    need_rcpt         = approximate("503 Must have valid recipient before data"),
    no_recipients     = approximate("503 Must have valid recipient before data"),
    nested_mail       = approximate("503 Sender already specified"),
    mail_syntax       = approximate("501 Syntax error"),
    rcpt_syntax       = approximate("501 Syntax error"),
    mail_address      = approximate("501 Syntax error"),
    rcpt_address      = approximate("501 Syntax error"),
    unknown_option    = approximate("555 Unsupported option: {detail}"),
    unknown_command   = approximate("500 Command not recognized"),
    too_large         = approximate("552 Message exceeds fixed maximum message size"),
    too_many_recipients = approximate("452 Too many recipients"),
    timeout           = approximate("421 Timeout waiting for command"),
  },
}
