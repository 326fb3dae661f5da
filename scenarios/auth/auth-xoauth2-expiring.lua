scenario {
  title    = "501 to XOAUTH2: the token will expire soon; the next login is right",
  emulates = "Exchange Online, High Volume Email",
  sources  = { "sasl-xoauth2#98" },
  params   = { times = { 1, "logins that find the token too old" } },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- once more, with a new token, is right here
}

capabilities { "+AUTH XOAUTH2" }
on.auth:first(params.times):reply(501, "5.5.127", "Invalid XOAUTH2 auth data - Token will expire soon")

expect.outcome { "delivered", "misconfigured" }           -- the token is renewed once, and tried once

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH XOAUTH2 dXNlcj11c2VyQGV4YW1wbGUuY29tAWF1dGg9QmVhcmVyIG9wZW4tc2VzYW1lAQE=
S: 501 5.5.127 Invalid XOAUTH2 auth data - Token will expire soon
C: AUTH XOAUTH2 dXNlcj11c2VyQGV4YW1wbGUuY29tAWF1dGg9QmVhcmVyIG9wZW4tc2VzYW1lAQE=
S: 235 ...
]]
