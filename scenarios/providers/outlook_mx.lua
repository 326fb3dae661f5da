-- Where mail for outlook.com, hotmail.com and the domains of Microsoft 365 is delivered:
-- *.olc.protection.outlook.com and *.mail.protection.outlook.com, port 25.
local session = "a session with an MX host of Microsoft 365, September 2019"
local ndr     = "Microsoft's list of NDR codes in Exchange Online"

return {
  title   = "Outlook.com and Microsoft 365, MX",
  sources = { session, ndr },
  host    = "BL2NAM06FT004.mail.protection.outlook.com",
  id      = "[0-9]{14}",

  capabilities = {                                -- approximate: those of Exchange
    before_tls = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "8BITMIME", "BINARYMIME",
                   "CHUNKING", "SMTPUTF8" },
    after_tls  = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8BITMIME", "BINARYMIME", "CHUNKING",
                   "SMTPUTF8" },
  },

  replies = {
    greeting        = verified("220 {host} Microsoft ESMTP MAIL Service ready at {date}", session),
    ehlo            = approximate("250 {host} Hello [{peer}]"),
    helo            = verified("250 {host} Hello [{peer}]", session),
    starttls        = verified("220 2.0.0 SMTP server ready", "a session with smtp.office365.com, April 2025"),
    mail            = verified("250 2.1.0 Sender OK", session),
    rcpt            = verified("250 2.1.5 Recipient OK", "Microsoft: test SMTP communication with Telnet"),
    data            = verified("354 Start mail input; end with <CRLF>.<CRLF>",
                      "Microsoft: test SMTP communication with Telnet"),
    message         = verified("250 2.6.0 {header.Message-ID} [InternalId={id},"
                      .. " Hostname=BN3NAM04HT214.eop-NAM04.prod.protection.outlook.com] {size} bytes in 0.215,"
                      .. " 56.103 KB/sec Queued mail for delivery -> 250 2.1.5", "delivery reports of SendGrid and SES"),
    quit            = verified("221 2.0.0 Service closing transmission channel",
                      "a session with smtp-mail.outlook.com, November 2022"),
    rset            = approximate("250 2.0.0 Resetting"),
    noop            = approximate("250 2.0.0 OK"),
    vrfy            = approximate("252 2.1.5 Cannot VRFY user"),

    hello_first     = verified("503 5.5.2 Send hello first", ndr),
    helo_syntax     = verified("501 5.5.4 Invalid domain name", ndr),
    auth_off        = approximate("504 5.7.4 Unrecognized authentication type"),
    need_mail       = approximate("503 5.5.2 Need mail command"),
    need_rcpt       = approximate("503 5.5.2 Need rcpt command"),
    no_recipients   = approximate("503 5.5.2 Need rcpt command"),
    nested_mail     = approximate("503 5.5.2 Sender already specified"),
    mail_address    = verified("550 5.1.7 Invalid address", ndr),
    rcpt_address    = approximate("501 5.1.3 Invalid address"),
    unknown_option  = approximate("501 5.5.4 Invalid arguments"),
    unknown_command = verified("500 5.3.3 Unrecognized command", ndr),
    too_large       = verified("552 5.3.4 Message size exceeds fixed maximum message size", ndr),
    too_many_recipients = verified("452 4.5.3 Too many recipients", ndr),
    timeout         = verified("421 4.4.2 Connection dropped due to SocketError", ndr),
  },
}
