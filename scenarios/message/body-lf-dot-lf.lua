scenario {
  title    = "A healthy server, for a message in whose source a dot stands between two bare LFs",
  emulates = "the servers that end a message at LF, dot, LF: what follows is the next command to them (SMTP smuggling)",
  sources  = { "CVE-2023-51764", "CVE-2023-51765", "CVE-2023-51766", "dotnet/runtime#132823" },
}

-- The client is given the text "before\n.\nafter\n". It makes CRLF of each LF first, and doubles the dot then.
expect.outcome "delivered"
expect.delivered { contains = "before\r\n.\r\nafter\r\n" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: Subject: a dot
C:
C: before
C: ..
C: after
C: .
S: 250 ...
S: <stored 1>
]]
