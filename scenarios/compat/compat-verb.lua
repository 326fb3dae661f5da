scenario {
  title    = "An address names a command and its reply: mail452@, rcpt550_5.1.1@, data552@, quit421@",
  emulates = "BadSMTP",
  sources  = { "BadSMTP README" },
}

-- { verb, code, enhanced }: rcpt550@ is for the recipient itself, or as a sender for all of the message's.
local function wish(address)
  local verb, code, rest = address:lower():match("^(%a+)([45]%d%d)([^@]*)@")
  local enhanced = rest and rest:match("^_([45]%.%d%d?%d?%.%d%d?%d?)$")
  if verb and (rest == "" or enhanced) then return { verb = verb, code = tonumber(code), enhanced = enhanced } end
end

local function play(of)
  if not of.enhanced then return of.code == 421 and reply(of.code):close() or reply(of.code) end
  local answer = reply(of.code, of.enhanced, { "As you wish" })
  return of.code == 421 and answer:close() or answer
end

-- One wish a transaction: what a sender asks for is kept until it is played, at most as long as its connection.
on.mail:matching(function(session, from)
  state[session.connection] = wish(from)
  local of = state[session.connection]
  return of ~= nil and of.verb == "mail"
end):run(function(session, from) return play(wish(from)) end)

on.rcpt:matching(function(session, rcpt)
  local own, senders = wish(rcpt), state[session.connection]
  return own ~= nil and own.verb == "rcpt" or senders ~= nil and senders.verb == "rcpt"
end):run(function(session, rcpt)
  local own = wish(rcpt)
  return play(own and own.verb == "rcpt" and own or state[session.connection])
end)

for _, stage in ipairs { "data", "message", "rset", "noop", "quit" } do
  on[stage]:matching(function(session)
    local of = state[session.connection]
    return of ~= nil and of.verb == stage
  end):run(function(session)
    local of = state[session.connection]
    state[session.connection] = nil
    return play(of)
  end)
end

on.close(function(session) state[session.connection] = nil end)

expect.outcome { "delivered", "temporary", "permanent", "partial" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<mail452@example.net>
S: 452 ...
C: MAIL FROM:<data552_5.3.4@example.net>
S: 250 ...
C: RCPT TO:<rcpt550_5.1.1@example.net>
S: 550 5.1.1 As you wish
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 552 5.3.4 As you wish
C: DATA
S: 354 ...
C: .
S: 250 ...
C: MAIL FROM:<quit421@example.net>
S: 250 ...
C: QUIT
S: 421 ...
S: <close>
S: <stored 1>
]]
