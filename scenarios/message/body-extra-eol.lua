scenario {
  title    = "A healthy server, for a message whose last line has its CRLF",
  emulates = "every server: that CRLF belongs to the message, and to the final dot as well",
  sources  = { "RFC 5321 section 4.1.1.4", "curl#18798", "JavaMail 6431207", "MailKit#622" },
}

-- The client is given a message that ends with "the end" and one CRLF. It adds none: a signature (DKIM's simple
-- canonicalization apart) may be over the text as it was.
expect.outcome "delivered"
expect(function(run)
  for _, message in ipairs(run.messages) do
    local eol = message.text:match("the end([\r\n]*)$")
    if not eol then return false, "the text doesn't end with \"the end\"" end
    if eol ~= "\r\n" then return false, #eol .. " bytes of line ends stand behind \"the end\", not one CRLF" end
  end
  return #run.messages > 0, "nothing is stored"
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
C: Subject: one end of line
C:
C: the end
C: .
S: 250 ...
S: <stored 1>
]]
