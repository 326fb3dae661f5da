scenario {
  title    = "451 to a recipient of another domain than the first one's",
  emulates = "Gmail's relay",
  sources  = { "Google Workspace: SMTP error codes" },
  needs    = { rcpts = 2 },
}

on.rcpt(function(session)
  local first = session.rcpts[1]
  if first and first:match("@(.*)") ~= session["rcpt.domain"] then
    return reply(451, "4.3.0", "Multiple destination domains per transaction is unsupported. Please try again.")
  end
end)

expect.outcome "partial"                                  -- a message for each domain

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@one.example>
S: 250 ...
C: RCPT TO:<2@two.example>
S: 451 4.3.0 Multiple destination domains per transaction is unsupported. Please try again.
C: DATA
S: 354 ...
C: .
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<2@two.example>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 2>
]]
