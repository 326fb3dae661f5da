scenario {
  title    = "A healthy server, for a message that names a recipient twice",
  emulates = "every server: it stores, or sends, a copy for each RCPT that it has accepted",
  sources  = { "MailKit#1241", "RFC 5321 section 3.3" },
}

-- The client is given one address as two recipients: in To and in Cc, or twice in its list.
expect.outcome "delivered"
expect(function(run)
  for _, connection in ipairs(run.connections) do
    local seen = {}
    for _, command in ipairs(connection.commands) do
      local verb = command:sub(1, 5):upper()
      if verb == "MAIL " then seen = {} end
      local address = verb == "RCPT " and command:match("<([^>]*)>")
      if address and seen[address:lower()] then return false, "RCPT names <" .. address .. "> twice in a message" end
      if address then seen[address:lower()] = true end
    end
  end
  return true
end)

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
C: Cc: b@example.net, b@example.net
C: .
S: 250 ...
S: <stored 1>
]]
