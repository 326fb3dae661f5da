scenario {
  title    = "XOAUTH2's token has expired: a 334 with an error in JSON, then 535; the next login is right",
  emulates = "Gmail",
  sources  = { "developers.google.com/gmail/imap/xoauth2-protocol", "pysasl#25", "curl ee04bee82b" },
  params   = { times = { 1, "logins that find the token expired" } },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- once more, with a new token, is right here
}

capabilities { "+AUTH XOAUTH2" }
on.auth:first(params.times)
  :challenge('{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}')
  :reply(535, "5.7.8", {
    "Username and Password not accepted. For more information, go to",
    " https://support.google.com/mail/?p=BadCredentials {id} - gsmtp" })

expect.outcome { "delivered", "misconfigured" }           -- an empty line; the token is renewed once, and tried once

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH XOAUTH2 dXNlcj11c2VyQGV4YW1wbGUuY29tAWF1dGg9QmVhcmVyIG9wZW4tc2VzYW1lAQE=
S: 334 eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==
C:
S: 535-5.7.8 Username and Password not accepted. For more information, go to
S: 535 5.7.8  https://support.google.com/mail/?p=BadCredentials ... - gsmtp
C: AUTH XOAUTH2 dXNlcj11c2VyQGV4YW1wbGUuY29tAWF1dGg9QmVhcmVyIG9wZW4tc2VzYW1lAQE=
S: 235 ...
]]
