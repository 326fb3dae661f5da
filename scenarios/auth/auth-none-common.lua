scenario {
  title    = "AUTH offers only mechanisms that the client lacks, and MAIL wants a login",
  emulates = "Exchange on premises",
  sources  = { "curl 37b25f7bb0", "symfony 823f34f", "RFC 4954 section 4" },
  params   = { mechanisms = { "GSSAPI NTLM", "what AUTH offers" } },
  needs    = { auth = true },
}

capabilities { "+AUTH " .. params.mechanisms }
on.command:verb("AUTH"):reply(504, "5.5.4", "Unrecognized authentication type")
on.mail:reply(530, "5.7.0", "Authentication required")

expect.outcome "misconfigured"                            -- best: "no usable mechanism", with the list

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 504 5.5.4 Unrecognized authentication type
C: MAIL FROM:<a@example.com>
S: 530 5.7.0 Authentication required
]]
