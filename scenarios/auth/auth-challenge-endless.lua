scenario {
  title    = "After each response comes one more challenge, without an end",
  emulates = "a broken SASL library",
  sources  = { "RFC 4954 section 4" },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN CRAM-MD5" }                   -- each of them has a first challenge
on.auth:at(1):run(function(session)
  local line
  repeat
    session:send("334 b25lIG1vcmU=\r\n")                  -- "one more"
    line = session:read_line("5m")
  until not line or line == "*"
  return line and reply(501, "5.7.0", "Authentication aborted") or close()
end)

expect.outcome "temporary"                                -- the mechanism has an end: then the client sends a star

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH CRAM-MD5
S: 334 b25lIG1vcmU=
C: bWU=
S: 334 b25lIG1vcmU=
C: bWU=
S: 334 b25lIG1vcmU=
C: *
S: 501 5.7.0 Authentication aborted
C: NOOP
S: 250 ...
]]
