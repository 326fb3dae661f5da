scenario {
  title    = "OAUTHBEARER's token has expired: a 334 with an error in JSON, then 535; the next login is right",
  emulates = "servers with RFC 7628",
  sources  = { "RFC 7628 section 3.2.2", "RFC 7628 section 3.2.3" },
  params   = { times = { 1, "logins that find the token expired" } },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- once more, with a new token, is right here
}

capabilities { "+AUTH OAUTHBEARER" }
on.auth:first(params.times)
  :challenge('{"status":"invalid_token","scope":"mail",'
    .. '"openid-configuration":"https://example.com/.well-known/openid-configuration"}')
  :reply(535, "5.7.8", "Token expired")

expect.outcome { "delivered", "misconfigured" }           -- AQ==; the token is renewed once, and tried once

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH OAUTHBEARER bixhPXVzZXJAZXhhbXBsZS5jb20sAWF1dGg9QmVhcmVyIG9wZW4tc2VzYW1lAQE=
S: 334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJtYWlsIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=
C: AQ==
S: 535 5.7.8 Token expired
C: AUTH OAUTHBEARER bixhPXVzZXJAZXhhbXBsZS5jb20sAWF1dGg9QmVhcmVyIG9wZW4tc2VzYW1lAQE=
S: 235 ...
]]
