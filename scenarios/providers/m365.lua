-- The submission server of Microsoft 365: smtp.office365.com, port 587.
local session = "sessions with smtp.office365.com, April and November 2025"
local older   = "a session with smtp-mail.outlook.com, November 2022"
local ndr     = "Microsoft's list of NDR codes in Exchange Online"

return {
  title      = "Microsoft 365, submission",
  sources    = { session, older, ndr },
  host       = "SY5P282CA0097.outlook.office365.com",
  id         = "SY5P282MB[0-9]{4}[0-9A-F]{26}",
  session_id = "08DE[0-9A-F]{12}",

  capabilities = {
    before_tls = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "8BITMIME", "BINARYMIME",
                   "CHUNKING", "SMTPUTF8" },
    after_tls  = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "AUTH LOGIN XOAUTH2", "8BITMIME",
                   "BINARYMIME", "CHUNKING", "SMTPUTF8" },
  },
  requires = { tls = true, auth = true },
  limits   = { recipients_per_message = 500 },                -- the default of a mailbox, as in OfficeDocs; it can be set to 1000

  replies = {
    greeting        = verified("220 {host} Microsoft ESMTP MAIL Service ready at {date} [{session_id}]", session),
    ehlo            = verified("250 {host} Hello [{peer}]", session),
    helo            = verified("250 {host} Hello [{peer}]", older),
    starttls        = verified("220 2.0.0 SMTP server ready", session),
    auth_ok         = verified("235 2.7.0 Authentication successful", older),
    auth_failed     = verified("535 5.7.3 Authentication unsuccessful"
                      .. " [SY5P282CA0097.AUSP282.PROD.OUTLOOK.COM {date} {session_id}]",
                      "a reply of Microsoft 365; what stands in brackets varies"),
    mail            = verified("250 2.1.0 Sender OK", older),
    rcpt            = verified("250 2.1.5 Recipient OK", older),
    data            = verified("354 Start mail input; end with <CRLF>.<CRLF>", older),
    message         = verified("250 2.0.0 OK <{id}@SY5P282MB4757.AUSP282.PROD.OUTLOOK.COM>"
                      .. " [Hostname=SY5P282MB4757.AUSP282.PROD.OUTLOOK.COM]", older),
    quit            = verified("221 2.0.0 Service closing transmission channel", older),
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
