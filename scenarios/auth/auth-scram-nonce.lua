scenario {
  title    = "SCRAM: the server's nonce doesn't begin with the client's",
  emulates = "somebody in the middle who plays back an exchange that was overheard",
  sources  = { "RFC 5802 section 5.1", "RFC 7677 section 4" },
  needs    = { auth = true },
}

local overheard = "r=3rfcNHYJY1ZVvWVs7jhvYDpWUa2RaTCAfuxFIlj,s=QSXCR+Q6sek8bf92,i=4096"

capabilities { "+AUTH SCRAM-SHA-1 SCRAM-SHA-256" }
-- the client's first message comes with the command, or after the empty 334
on.auth:at(1):where("line", "AUTH SCRAM-* ?*"):challenge(overheard)
on.auth:at(2):unless("line", "AUTH SCRAM-* ?*"):challenge(overheard)

expect.outcome { "refuses", "temporary", "misconfigured" }  -- the client sends no proof, and no mail
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH SCRAM-SHA-256 biwsbj11c2VyQGV4YW1wbGUuY29tLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
S: 334 cj0zcmZjTkhZSlkxWlZ2V1ZzN2podllEcFdVYTJSYVRDQWZ1eEZJbGoscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==
C: *
S: 501 5.7.0 Authentication aborted
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH SCRAM-SHA-1
S: 334 ...
C: biwsbj11c2VyQGV4YW1wbGUuY29tLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
S: 334 cj0zcmZjTkhZSlkxWlZ2V1ZzN2podllEcFdVYTJSYVRDQWZ1eEZJbGoscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==
C: *
S: 501 5.7.0 Authentication aborted
]]
