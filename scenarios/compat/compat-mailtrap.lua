scenario {
  title    = "The recipient's local part is the reply: bounce+550+no+such+user+here@",
  emulates = "Mailtrap's bounce emulator",
  sources  = { "docs.mailtrap.io/email-sandbox/testing/bounce-rate" },
}

-- The reply stands URL-encoded behind "bounce+". What can't stand in a reply becomes "?".
local function reply_in(rcpt)
  local encoded = rcpt:match("^[Bb][Oo][Uu][Nn][Cc][Ee]%+(.*)@[^@]*$")
  if not encoded then return end
  local text = encoded:gsub("%+", " "):gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
  local code, rest = text:gsub("[^\32-\126]", "?"):match("^([45]%d%d)%f[%D] ?(.*)$")
  if code then return tonumber(code), rest:sub(1, 400) end
end

on.rcpt:matching(function(session, rcpt) return reply_in(rcpt) ~= nil end):run(function(session, rcpt)
  local code, text = reply_in(rcpt)
  local answer = reply(code, { text })
  return code == 421 and answer:close() or answer
end)

expect.outcome { "temporary", "permanent", "partial" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<bounce+550+no+such+user+here@inbox.example>
S: 550 no such user here
C: RCPT TO:<bounce+451+4.3.0+%53erver+unavailable%0d%0a250+ok@inbox.example>
S: 451 4.3.0 Server unavailable??250 ok
C: RCPT TO:<bounce+250+fine@inbox.example>
S: 250 2.1.5 Ok
C: RCPT TO:<bounce+421@inbox.example>
S: 421
S: <close>
]]
