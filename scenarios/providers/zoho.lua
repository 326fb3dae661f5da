-- Zoho Mail, submission: smtp.zoho.com and smtp.zoho.eu, ports 587 and 465. Every line of the EHLO reply comes in a
-- segment of its own (nodemailer#456): a reply isn't a read().
local debug = "a debug log of PHPMailer, PHPAuth#282"
local swift = "a log of SwiftMailer, March 2018"
local mx    = "a capture of Zoho's MX, March 2024"

return {
  title   = "Zoho Mail, submission",
  sources = { debug, swift, mx, "nodemailer#456" },
  host    = "mx.zohomail.com",
  id      = "[0-9]{13}",

  capabilities = {
    before_tls = { "STARTTLS", "SIZE 53477376" },
    after_tls  = { "AUTH LOGIN PLAIN", "SIZE 53477376" },
  },
  requires = { tls = true, auth = true },

  replies = {
    greeting        = verified("220 {host} SMTP Server ready {date}", swift),       -- the date's form is approximate
    ehlo            = verified("250 {host} Hello {helo} ({helo} ({peer}))", debug),
    helo            = approximate("250 {host} Hello {helo} ({helo} ({peer}))"),
    starttls        = verified("220 Ready to start TLS.", mx),
    auth_ok         = verified("235 Authentication Successful", debug),
    auth_failed     = verified("535 Authentication Failed", swift),
    mail            = verified("250 Sender <{from}> OK", debug),
    rcpt            = verified("250 Recipient <{rcpt}> OK", debug),
    data            = approximate("354 Ok Send data ending with <CRLF>.<CRLF>"),
    message         = verified("250 Message received", "a comment in the code of a mailer, 2019"),
    quit            = approximate("221 {host} Goodbye"),
    rset            = verified("250 state reset OK", swift),
    noop            = approximate("250 OK"),

    tls_required    = approximate("530 Must issue a STARTTLS command first."),
    auth_required   = approximate("530 Authentication required."),
    auth_off        = approximate("503 AUTH not available."),
    auth_unknown    = approximate("504 Unrecognized authentication type."),
    auth_not_base64 = approximate("501 Authentication data could not be decoded."),
    auth_malformed  = approximate("501 Authentication data could not be decoded."),
    auth_aborted    = approximate("501 Authentication aborted."),
    hello_first     = verified("503 Must issue a EHLO/HELO command first.", "a session with Zoho's MX, August 2025"),
    helo_syntax     = verified("501 Domain address required: {verb}", "a session with Zoho's MX, August 2025"),
    need_mail       = approximate("503 Must issue a MAIL command first."),
    need_rcpt       = approximate("503 Must issue a RCPT command first."),
    no_recipients   = approximate("503 Must issue a RCPT command first."),
    nested_mail     = approximate("503 Sender already specified."),
    mail_syntax     = approximate("501 Syntax error in MAIL command."),
    rcpt_syntax     = approximate("501 Syntax error in RCPT command."),
    mail_address    = approximate("501 Syntax error in MAIL command."),
    rcpt_address    = approximate("501 Syntax error in RCPT command."),
    unknown_option  = approximate("555 Unsupported option: {detail}"),
    unknown_command = approximate("500 Command not recognized."),
    too_large       = approximate("552 Message size exceeds the limit."),
    too_many_recipients = approximate("452 Too many recipients."),
    timeout         = approximate("421 Connection timed out."),
  },
}
