-- Postfix 3.x as it is installed, with TLS and SASL. The built-in server takes after it.
local smtpd = "Postfix src/smtpd/smtpd.c"
local sasl  = "Postfix src/smtpd/smtpd_sasl_glue.c"

return {
  title   = "Postfix",
  sources = { smtpd, sasl },
  host    = "mail.example.com",
  id      = "[0-9A-F]{11}",

  capabilities = {
    before_tls = { "PIPELINING", "SIZE 10240000", "VRFY", "ETRN", "STARTTLS", "AUTH PLAIN LOGIN", "ENHANCEDSTATUSCODES",
                   "8BITMIME", "DSN", "SMTPUTF8", "CHUNKING" },
    after_tls  = { "PIPELINING", "SIZE 10240000", "VRFY", "ETRN", "AUTH PLAIN LOGIN", "ENHANCEDSTATUSCODES", "8BITMIME",
                   "DSN", "SMTPUTF8", "CHUNKING" },
  },
  -- smtpd_recipient_limit, smtpd_hard_error_limit, smtpd_timeout
  limits = { recipients_per_message = 1000, errors = 20, idle = "5m" },

  replies = {
    greeting        = verified("220 {host} ESMTP Postfix", smtpd),
    ehlo            = verified("250 {host}", smtpd),
    helo            = verified("250 {host}", smtpd),
    starttls        = verified("220 2.0.0 Ready to start TLS", smtpd),
    auth_ok         = verified("235 2.7.0 Authentication successful", sasl),
    auth_failed     = verified("535 5.7.8 Error: authentication failed: authentication failure", sasl),
    mail            = verified("250 2.1.0 Ok", smtpd),
    rcpt            = verified("250 2.1.5 Ok", smtpd),
    data            = verified("354 End data with <CR><LF>.<CR><LF>", smtpd),
    message         = verified("250 2.0.0 Ok: queued as {id}", smtpd),
    rset            = verified("250 2.0.0 Ok", smtpd),
    noop            = verified("250 2.0.0 Ok", smtpd),
    vrfy            = verified("252 2.0.0 {detail}", "a lesson with Postfix on Debian"),
    quit            = verified("221 2.0.0 Bye", smtpd),
    help            = verified("500 5.5.2 Error: command not recognized", smtpd),   -- it has no HELP

    tls_required    = verified("530 5.7.0 Must issue a STARTTLS command first", smtpd),
    auth_off        = verified("503 5.5.1 Error: authentication not enabled", smtpd),
    auth_again      = verified("503 5.5.1 Error: already authenticated", smtpd),
    auth_aborted    = verified("501 5.7.0 Authentication aborted", sasl),
    hello_first     = verified("503 5.5.1 Error: send HELO/EHLO first", smtpd),
    helo_syntax     = approximate("501 Syntax: {verb} hostname"),
    nested_mail     = verified("503 5.5.1 Error: nested MAIL command", smtpd),
    need_mail       = verified("503 5.5.1 Error: need MAIL command", smtpd),
    need_rcpt       = verified("503 5.5.1 Error: need RCPT command", smtpd),
    no_recipients   = verified("554 5.5.1 Error: no valid recipients", smtpd),
    mail_syntax     = verified("501 5.5.4 Syntax: MAIL FROM:<address>", smtpd),
    rcpt_syntax     = verified("501 5.5.4 Syntax: RCPT TO:<address>", smtpd),
    unknown_option  = verified("555 5.5.4 Unsupported option: {detail}", smtpd),
    smtputf8_needed = verified("553 5.6.7 Must declare SMTPUTF8 to send unicode address", smtpd),
    unknown_command = verified("500 5.5.2 Error: command not recognized", smtpd),
    expn            = verified("502 5.5.1 Error: command not implemented", smtpd),
    too_large       = verified("552 5.3.4 Error: message file too big", "bounces that sisimai's tests quote"),
    too_many_recipients = verified("452 4.5.3 Error: too many recipients", smtpd),
    too_many_errors = verified("421 4.7.0 {host} Error: too many errors", smtpd),
    timeout         = verified("421 4.4.2 {host} Error: timeout exceeded", smtpd),
  },
}
