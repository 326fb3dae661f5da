scenario {
  title    = "The replies of a pipelined group travel in one segment",
  emulates = "any server, with Nagle's help",
  sources  = { "RFC 2920 section 3.1" },
}

-- The reply to MAIL waits for that to RCPT if more of the group is there.
on.mail:where("pending"):accept():run(function(session)
  state[session.connection] = true
  return no_reply()
end)
on.rcpt:matching(function(session) return state[session.connection] end):run(function(session)
  state[session.connection] = nil
  session:send("250 2.1.0 Ok\r\n")
  session:proceed()
end)
on.close(function(session) state[session.connection] = nil end)

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 2.1.0 Ok
S: 250 2.1.5 Ok
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
