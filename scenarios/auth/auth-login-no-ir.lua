scenario {
  title    = "The user name that comes with AUTH LOGIN is ignored: the server asks for it again",
  emulates = "servers older than initial responses",
  sources  = { "go-simple-mail#117", "MailKit#216" },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN" }
on.auth:at(1):where("user"):run(function(session)         -- the name is known: it came with the command
  session:challenge("Username:")
  return challenge("Password:")
end)

expect.outcome "delivered"                                -- the client sends what it is asked for

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN dXNlckBleGFtcGxlLmNvbQ==
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 235 ...
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 235 ...
]]
