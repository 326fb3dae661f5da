scenario {
  title    = "450 to MAIL once a client has sent 3 messages; one more is served each 20 s",
  emulates = "Postfix with smtpd_client_message_rate_limit",
  sources  = { "Postfix smtpd.c", "Postfix anvil(8)" },
  params   = { limit = { 3, "messages that a client may send" }, window = { "1m", "in this time" } },
  needs    = { messages = 4 },
}

limits { messages = { params.limit, params.window } }

expect.outcome "temporary"                                -- slower, and then all of them

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RSET
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 450 4.7.1 Error: too much mail from {peer}
S: <silence 59s>
C: MAIL FROM:<a@example.com>
S: 450 ...
S: <silence 1s>
C: MAIL FROM:<a@example.com>
S: 250 ...
]] }
