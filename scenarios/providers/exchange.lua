-- Exchange Server 2016 and 2019 on an organization's own ground, port 25 or 587. AUTH is NTLM, for those who have it.
local telnet = "Microsoft: test SMTP communication with Telnet"
local ndr    = "Microsoft's list of NDR codes in Exchange Server"

return {
  title   = "Exchange Server 2016 and 2019",
  sources = { telnet, ndr, "a scan of an Exchange Server, September 2024" },
  host    = "mail1.fabrikam.com",
  id      = "[0-9]{14}",

  capabilities = {
    before_tls = { "SIZE 37748736", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "X-ANONYMOUSTLS", "AUTH NTLM",
                   "X-EXPS GSSAPI NTLM", "8BITMIME", "BINARYMIME", "CHUNKING", "XRDST" },
    after_tls  = { "SIZE 37748736", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "AUTH NTLM", "X-EXPS GSSAPI NTLM",
                   "8BITMIME", "BINARYMIME", "CHUNKING", "XRDST" },
  },
  limits = { recipients_per_message = 200, errors = 5, idle = "5m" },   -- a receive connector's defaults

  replies = {
    greeting        = verified("220 {host} Microsoft ESMTP MAIL Service ready at {date}", telnet),
    ehlo            = verified("250 {host} Hello [{peer}]", telnet),
    helo            = verified("250 {host} Hello [{peer}]", telnet),
    starttls        = verified("220 2.0.0 SMTP server ready", "a capture of an Exchange Server, August 2016"),
    auth_ok         = verified("235 2.7.0 Authentication successful",
                      "a session with smtp-mail.outlook.com, November 2022"),
    auth_failed     = verified("535 5.7.3 Authentication unsuccessful", ndr),
    mail            = verified("250 2.1.0 Sender OK", telnet),
    rcpt            = verified("250 2.1.5 Recipient OK", telnet),
    data            = verified("354 Start mail input; end with <CRLF>.<CRLF>", telnet),
    message         = verified("250 2.6.0 {header.Message-ID} Queued mail for delivery", telnet),
    quit            = verified("221 2.0.0 Service closing transmission channel",
                      "a session with smtp-mail.outlook.com, November 2022"),
    rset            = approximate("250 2.0.0 Resetting"),
    noop            = approximate("250 2.0.0 OK"),
    vrfy            = approximate("252 2.1.5 Cannot VRFY user"),
    help            = approximate("214-This server supports the following commands:\n"
                      .. "214 HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH BDAT"),

    hello_first     = verified("503 5.5.2 Send hello first", ndr),
    helo_syntax     = verified("501 5.5.4 Invalid domain name", ndr),
    auth_unknown    = verified("504 5.7.4 Unrecognized authentication type", "MailKit#260"),
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
    too_many_errors = approximate("421 4.7.0 Too many errors on this connection, closing transmission channel"),
    timeout         = approximate("421 4.4.1 Connection timed out"),
  },
}
