scenario {
  title    = "Words of Exchange's own stand among the capabilities",
  emulates = "Exchange",
  sources  = { "Microsoft: test SMTP with telnet" },
}

capabilities { "+X-ANONYMOUSTLS", "+X-EXPS GSSAPI NTLM", "+XRDST", "+XSHADOWREQUEST" }

expect.outcome "delivered"                                -- unknown words are passed over

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-8BITMIME
S: 250-SMTPUTF8
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-AUTH PLAIN LOGIN
S: 250-X-ANONYMOUSTLS
S: 250-X-EXPS GSSAPI NTLM
S: 250-XRDST
S: 250 XSHADOWREQUEST
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
