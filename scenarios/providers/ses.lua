-- Amazon SES: email-smtp.REGION.amazonaws.com, ports 25, 587 and 2587; 465 and 2465 with TLS from the start.
-- No PIPELINING, no enhanced codes; the last line of the EHLO reply is the word Ok.
local session = "a session with email-smtp.eu-central-1.amazonaws.com"
local guide   = "Amazon SES developer guide"

return {
  title      = "Amazon SES",
  sources    = { session, guide, "aiosmtplib#345" },
  host       = "email-smtp.amazonaws.com",
  id         = "0107[0-9a-f]{12}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-000000",
  session_id = "d-[A-Z0-9]{9} [A-Za-z0-9]{20}",

  capabilities = {
    before_tls = { "8BITMIME", "STARTTLS", "SIZE 10485760", "AUTH PLAIN LOGIN", "Ok" },   -- STARTTLS's place: approximate
    after_tls  = { "8BITMIME", "SIZE 10485760", "AUTH PLAIN LOGIN", "Ok" },
  },
  requires     = { tls = true, auth = true },
  limits       = { recipients_per_message = 50, idle = "10s" },
  close_notify = false,

  replies = {
    greeting        = verified("220 {host} ESMTP SimpleEmailService-{session_id}", session),
    ehlo            = verified("250 {host}", session),
    helo            = approximate("250 {host}"),
    starttls        = approximate("220 Ready to start TLS"),
    auth_ok         = verified("235 Authentication successful.", session),
    auth_failed     = verified("535 Authentication Credentials Invalid", guide),
    mail            = verified("250 Ok", session),
    rcpt            = verified("250 Ok", session),
    data            = verified("354 End data with <CR><LF>.<CR><LF>", session),
    message         = verified("250 Ok {id}", session),
    quit            = verified("221 Bye", guide),
    rset            = approximate("250 Ok"),
    noop            = approximate("250 Ok"),
    vrfy            = approximate("502 VRFY command not implemented"),
    help            = approximate("214 See http://docs.amazonwebservices.com/ses/latest/DeveloperGuide/"),

    tls_required    = approximate("530 Must issue a STARTTLS command first"),
    auth_required   = verified("530 Authentication required", guide),
    auth_off        = approximate("503 AUTH is not available"),
    auth_again      = approximate("503 Already authenticated"),
    auth_unknown    = approximate("504 Unrecognized authentication type"),
    auth_not_base64 = approximate("501 Invalid base64 data"),
    auth_malformed  = approximate("501 Invalid base64 data"),
    auth_aborted    = approximate("501 Authentication aborted"),
    hello_first     = approximate("503 Error: send HELO/EHLO first"),
    helo_syntax     = approximate("501 Invalid domain name"),
    need_mail       = approximate("503 Error: need MAIL command"),
    need_rcpt       = approximate("503 Error: need RCPT command"),
    no_recipients   = approximate("503 Error: need RCPT command"),
    nested_mail     = approximate("503 Error: nested MAIL command"),
    mail_syntax     = approximate("501 Syntax: MAIL FROM:<address>"),
    rcpt_syntax     = approximate("501 Syntax: RCPT TO:<address>"),
    mail_address    = verified("553 <{detail}> Invalid email address", guide),
    rcpt_address    = verified("553 <{detail}> Invalid email address", guide),
    unknown_option  = approximate("555 Unsupported option: {detail}"),
    unknown_command = approximate("500 Error: command not recognized"),
    expn            = approximate("502 EXPN command not implemented"),
    too_large       = verified("552 Message is too long.", guide),
    too_many_recipients = approximate("452 Too many recipients"),
    timeout         = verified("451 4.4.2 Timeout waiting for data from client.", session),
  },
}
