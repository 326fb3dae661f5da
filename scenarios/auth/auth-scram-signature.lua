scenario {
  title    = "SCRAM: the server's signature is wrong, so it doesn't know the password",
  emulates = "somebody in the middle who can't prove to be the server",
  sources  = { "RFC 5802 section 5", "RFC 7677 section 4" },
  params   = { signature = { "rmF9pqV8S7suAoZWja4dJRkFsKQ=", "in base64" } },
  needs    = { auth = true },
}

capabilities { "+AUTH SCRAM-SHA-1 SCRAM-SHA-256" }
-- the signature is the 2nd challenge if the client's first message came with the command, else the 3rd
on.auth:at(2):where("line", "AUTH SCRAM-* ?*"):challenge("v=" .. params.signature)
on.auth:at(3):challenge("v=" .. params.signature)

expect.outcome { "refuses", "temporary", "misconfigured" }  -- the client leaves, or the login has failed: no mail
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH SCRAM-SHA-256 biwsbj11c2VyQGV4YW1wbGUuY29tLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
S: 334 ...
C: Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMNjUzOWRmMjMxZGQ5M2VjMWFhY2FkMWYxYmFmMGU2NWYscD1rSmxEM3FxSVYxQm9BYlhoVjc5Z3ZNY1licUQrMjVxVDRhWFVkMUJYbjVvPQ==
S: 334 dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9
C: *
S: 501 5.7.0 Authentication aborted
]]
