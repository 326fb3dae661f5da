-- Exim 4.98 as it is installed, with TLS and an authenticator that wants TLS. It has no enhanced codes. Who talks before
-- it is his turn is thrown out.
local source  = "Exim src/src/smtp_in.c"
local session = "nodemailer#1081, Mailspring#1061"

return {
  title   = "Exim",
  sources = { source, session },
  host    = "mail.example.com",
  id      = "1[a-z][A-Z0-9a-z]{4}-[0-9]{8}[A-Za-z0-9]{3}-[0-9A-Za-z]{4}",

  capabilities = {
    before_tls = { "SIZE 52428800", "8BITMIME", "PIPELINING", "PIPECONNECT", "CHUNKING", "STARTTLS", "PRDR", "HELP" },
    after_tls  = { "SIZE 52428800", "8BITMIME", "PIPELINING", "PIPECONNECT", "AUTH PLAIN LOGIN", "CHUNKING", "PRDR",
                   "HELP" },
  },
  requires = { turns = true },
  limits   = { errors = 3, idle = "5m" },         -- smtp_max_synprot_errors, smtp_receive_timeout

  replies = {
    greeting        = verified("220 {host} ESMTP Exim 4.98 {date}", "Exim src/src/globals.c"),
    ehlo            = verified("250 {host} Hello {helo} [{peer}]", session),
    helo            = verified("250 {host} Hello {helo} [{peer}]", source),
    starttls        = verified("220 TLS go ahead", "Exim src/src/tls-openssl.c"),
    auth_ok         = verified("235 Authentication succeeded", source),
    auth_failed     = verified("535 Incorrect authentication data", source),
    mail            = verified("250 OK", source),
    rcpt            = verified("250 Accepted", source),
    data            = verified("354 Enter message, ending with \".\" on a line by itself", source),
    message         = verified("250 OK id={id}", "Exim src/src/receive.c"),
    rset            = verified("250 Reset OK", source),
    noop            = verified("250 OK", source),
    vrfy            = approximate("252 Administrative prohibition"),
    quit            = verified("221 {host} closing connection", source),
    help            = verified("214-Commands supported:\n214 AUTH HELO EHLO MAIL RCPT DATA BDAT NOOP QUIT RSET HELP", source),

    auth_off        = verified("503 AUTH command used when not advertised", source),
    auth_again      = verified("503 already authenticated", source),
    auth_in_transaction = approximate("503 not permitted in mail transaction"),
    auth_unknown    = approximate("504 authentication mechanism not supported"),
    auth_not_base64 = verified("501 Invalid base64 data", source),
    auth_malformed  = verified("501 Invalid base64 data", source),
    auth_aborted    = approximate("501 Authentication cancelled"),
    hello_first     = verified("503 HELO or EHLO required", source),
    helo_syntax     = verified("501 Syntactically invalid {verb} argument(s)", source),
    nested_mail     = verified("503 sender already given", source),
    need_mail       = verified("503 sender not yet given", source),
    need_rcpt       = verified("503 valid RCPT command must precede DATA", source),
    no_recipients   = verified("503 valid RCPT command must precede DATA", source),
    mail_syntax     = verified("501 MAIL must have an address operand", source),
    rcpt_syntax     = verified("501 RCPT must have an address operand", source),
    mail_address    = approximate("501 {detail}: malformed address"),
    rcpt_address    = approximate("501 {detail}: malformed address"),
    bad_parameter   = approximate("501 {detail}"),
    unknown_option  = approximate("501 {detail}: malformed address"),
    smtputf8_needed = approximate("553 SMTPUTF8 required"),
    starttls_off    = verified("503 STARTTLS command used when not advertised", source),
    starttls_again  = verified("503 STARTTLS command used when not advertised", source),
    unknown_command = verified("500 unrecognized command", source),
    expn            = approximate("550 Administrative prohibition"),
    line_too_long   = approximate("500 line too long"),
    too_large       = verified("552 Message size exceeds maximum permitted", source),
    too_many_recipients = verified("452 too many recipients", source),
    too_many_messages   = verified("421 too many messages in this connection", source),
    too_many_errors = approximate("500 Too many syntax or protocol errors"),
    out_of_sync     = verified("554 SMTP synchronization error", source),
    timeout         = verified("421 {host}: SMTP command timeout - closing connection", source),
  },
}
