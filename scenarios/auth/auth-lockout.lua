scenario {
  title    = "The account is locked after two wrong passwords: 535 to the right one, too, and the connection closes",
  emulates = "servers with a lock-out against guessing (text approximate)",
  sources  = { "RFC 4954 section 9" },
  params   = { tries = { 2, "wrong passwords of a user before the lock" }, password = { "open-sesame", "the right one" } },
  needs    = { auth = true },
}

users { ["user@example.com"] = params.password }
local wrong = {}
on.auth(function(session)
  local user = session.user
  if (wrong[user] or 0) >= params.tries then
    return reply(535, "5.7.0", "Too many failures, the account is locked"):close()
  end
  if session.password ~= params.password then wrong[user] = (wrong[user] or 0) + 1 end
end)

expect.outcome { "delivered", "misconfigured" }           -- after a 535 the same password isn't sent again

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ad3Jvbmc=
S: 535 5.7.8 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ad3Jvbmc=
S: 535 5.7.8 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.0 Too many failures, the account is locked
S: <close>
]]
