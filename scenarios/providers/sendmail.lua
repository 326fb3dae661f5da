-- Sendmail 8.x.
local source  = "sendmail src/srvrsmtp.c"
local session = "a session with Sendmail 8.14.4, August 2011"
local capture = "a conversation in InQuest's file2pcap"

return {
  title   = "Sendmail",
  sources = { source, session, capture },
  host    = "mail.example.com",
  id      = "[0-9A-Za-z]{8}[0-9]{6}",

  capabilities = {
    before_tls = { "ENHANCEDSTATUSCODES", "PIPELINING", "EXPN", "VERB", "8BITMIME", "SIZE 32000000", "DSN", "ETRN",
                   "STARTTLS", "DELIVERBY", "HELP" },
    after_tls  = { "ENHANCEDSTATUSCODES", "PIPELINING", "EXPN", "VERB", "8BITMIME", "SIZE 32000000", "DSN", "ETRN",
                   "AUTH LOGIN PLAIN", "DELIVERBY", "HELP" },
  },
  limits = { errors = 25, idle = "1h" },          -- MAXBADCOMMANDS, Timeout.command

  replies = {
    greeting        = verified("220 {host} ESMTP Sendmail 8.14.4/8.14.4; {date}", session),
    ehlo            = verified("250 {host} Hello {helo} [{peer}], pleased to meet you", capture),
    helo            = verified("250 {host} Hello {helo} [{peer}], pleased to meet you", source),
    starttls        = approximate("220 2.0.0 Ready to start TLS"),
    auth_ok         = approximate("235 2.0.0 OK Authenticated"),
    auth_failed     = approximate("535 5.7.0 authentication failed"),
    mail            = verified("250 2.1.0 <{from}>... Sender ok", capture),
    rcpt            = verified("250 2.1.5 <{rcpt}>... Recipient ok", capture),
    data            = verified("354 Enter mail, end with \".\" on a line by itself", capture),
    message         = approximate("250 2.0.0 {id} Message accepted for delivery"),
    rset            = verified("250 2.0.0 Reset state", source),
    noop            = verified("250 2.0.0 OK", source),
    vrfy            = verified("252 2.5.2 Cannot VRFY user; try RCPT to attempt delivery (or try finger)", source),
    quit            = verified("221 2.0.0 {host} closing connection", source),
    help            = approximate("214-2.0.0 This is sendmail\n214-2.0.0 Topics:\n"
                      .. "214-2.0.0  HELO EHLO MAIL RCPT DATA RSET NOOP QUIT HELP VRFY EXPN VERB ETRN DSN AUTH STARTTLS\n"
                      .. "214 2.0.0 End of HELP info"),

    hello_first     = verified("503 5.0.0 Polite people say HELO first", session),
    helo_syntax     = approximate("501 5.0.0 {verb} requires domain address"),
    need_mail       = verified("503 5.0.0 Need MAIL before RCPT", session),
    need_rcpt       = verified("503 5.0.0 Need MAIL command", source),
    no_recipients   = verified("503 5.0.0 Need RCPT (recipient)", source),
    nested_mail     = verified("503 5.5.0 Sender already specified", source),
    mail_syntax     = approximate("501 5.5.2 Syntax error in parameters scanning \"FROM\""),
    rcpt_syntax     = approximate("501 5.5.2 Syntax error in parameters scanning \"TO\""),
    mail_address    = approximate("553 5.1.8 {detail}... Domain of sender address does not exist"),
    rcpt_address    = approximate("553 5.1.3 {detail}... User address required"),
    unknown_option  = approximate("555 5.5.4 {detail} parameter unrecognized"),
    auth_required   = verified("530 5.7.0 Authentication required", source),
    vrfy_syntax     = verified("501 5.5.2 Argument required", source),
    auth_off        = approximate("503 5.3.3 AUTH not available"),
    auth_again      = approximate("503 5.5.0 Already Authenticated"),
    auth_aborted    = approximate("501 5.0.0 AUTH aborted"),
    auth_unknown    = approximate("504 5.3.3 AUTH mechanism not available"),
    unknown_command = verified("500 5.5.1 Command unrecognized: \"{line}\"", source),
    expn            = verified("502 5.7.0 Sorry, we do not allow this operation", source),
    too_large       = verified("552 5.2.3 Message size exceeds fixed maximum message size (32000000)", source),
    too_many_recipients = verified("452 4.5.3 Too many recipients", source),
    too_many_errors = verified("421 4.7.0 {host} Too many bad commands; closing connection", source),
    timeout         = approximate("421 4.4.1 {host} Lost input channel from [{peer}]"),
  },
}
