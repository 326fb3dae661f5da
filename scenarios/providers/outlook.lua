-- The submission server of Outlook.com, Hotmail and Live: smtp-mail.outlook.com, port 587. The same farm as
-- Microsoft 365's, with the limits of a private person.
local session = "a session with smtp-mail.outlook.com, November 2022"
local ndr     = "Microsoft's list of NDR codes in Exchange Online"

return {
  title      = "Outlook.com, submission",
  sources    = { session, ndr },
  host       = "LO2P265CA0443.outlook.office365.com",
  id         = "LO2P265MB[0-9]{4}[0-9A-F]{26}",
  session_id = "08DE[0-9A-F]{12}",

  capabilities = {
    before_tls = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "8BITMIME", "BINARYMIME",
                   "CHUNKING", "SMTPUTF8" },
    after_tls  = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "AUTH LOGIN XOAUTH2", "8BITMIME",
                   "BINARYMIME", "CHUNKING", "SMTPUTF8" },
  },
  requires = { tls = true, auth = true },
  limits   = { recipients_per_message = 100 },

  replies = {
    greeting        = verified("220 {host} Microsoft ESMTP MAIL Service ready at {date} [{session_id}]",
                      "sessions with smtp.office365.com, 2025"),
    ehlo            = verified("250 {host} Hello [{peer}]", session),
    helo            = verified("250 {host} Hello [{peer}]", session),
    starttls        = verified("220 2.0.0 SMTP server ready", session),
    auth_ok         = verified("235 2.7.0 Authentication successful", session),
    auth_failed     = verified("535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
                      .. " [LO2P265CA0443.GBRP265.PROD.OUTLOOK.COM {date} {session_id}]",
                      "a reply of Outlook.com, October 2024; what stands in brackets varies"),
    mail            = verified("250 2.1.0 Sender OK", session),
    rcpt            = verified("250 2.1.5 Recipient OK", session),
    data            = verified("354 Start mail input; end with <CRLF>.<CRLF>", session),
    message         = verified("250 2.0.0 OK <{id}@LO2P265MB2976.GBRP265.PROD.OUTLOOK.COM>"
                      .. " [Hostname=LO2P265MB2976.GBRP265.PROD.OUTLOOK.COM]", session),
    quit            = verified("221 2.0.0 Service closing transmission channel", session),
    rset            = approximate("250 2.0.0 Resetting"),
    noop            = approximate("250 2.0.0 OK"),
    vrfy            = approximate("252 2.1.5 Cannot VRFY user"),
    help            = approximate("214-This server supports the following commands:\n"
                      .. "214 HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH BDAT"),

    tls_required    = approximate("451 5.7.3 STARTTLS is required to send mail"),
    auth_required   = verified("530 5.7.57 Client not authenticated to send mail.", ndr),
    auth_off        = approximate("504 5.7.4 Unrecognized authentication type"),
    auth_again      = approximate("503 5.5.2 Already authenticated"),
    auth_unknown    = verified("504 5.7.4 Unrecognized authentication type", "MailKit#260"),
    auth_aborted    = approximate("501 5.7.0 Authentication cancelled"),
    hello_first     = verified("503 5.5.2 Send hello first", ndr),
    helo_syntax     = verified("501 5.5.4 Invalid domain name", ndr),
    need_mail       = approximate("503 5.5.2 Need mail command"),
    need_rcpt       = approximate("503 5.5.2 Need rcpt command"),
    no_recipients   = approximate("503 5.5.2 Need rcpt command"),
    nested_mail     = approximate("503 5.5.2 Sender already specified"),
    mail_address    = verified("550 5.1.7 Invalid address", ndr),
    rcpt_address    = approximate("501 5.1.3 Invalid address"),
    mail_syntax     = approximate("501 5.5.4 Invalid arguments"),
    rcpt_syntax     = approximate("501 5.5.4 Invalid arguments"),
    unknown_option  = approximate("501 5.5.4 Invalid arguments"),
    unknown_command = verified("500 5.3.3 Unrecognized command", ndr),
    too_large       = verified("552 5.3.4 Message size exceeds fixed maximum message size", ndr),
    too_many_recipients = verified("452 4.5.3 Too many recipients", ndr),
    timeout         = verified("421 4.4.2 Connection dropped due to SocketError", ndr),
  },
}
