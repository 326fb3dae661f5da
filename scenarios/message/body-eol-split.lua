scenario {
  title    = "A healthy server, for a message at whose buffer's end a CR is parted from its LF",
  emulates = "every server: a client that looks at each buffer apart loses a line's end there, or doubles it",
  sources  = { "curl#18798" },
  needs    = { size = "1100kB" },
}

-- The client is given a text of equal lines, 63 characters and CRLF. With 65 bytes a line, a CR comes to stand at the
-- end of one buffer at least, whatever its size up to 16 KiB, if it is a power of two.
expect.outcome "delivered"
expect(function(run)
  for _, message in ipairs(run.messages) do
    local body = message.text:match("\r\n\r\n(.*)$") or ""
    local line = body:match("^[^\r\n]*\r\n")
    if not line then return false, "the text has no line" end
    if body ~= line:rep(#body // #line) then
      local number = 0
      for each in body:gmatch("[^\n]*\n?") do
        number = number + 1
        if each ~= line then return false, "line " .. number .. " of the text isn't as the others are" end
      end
    end
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
C: <body 1100kB>
C: .
S: 250 ...
S: <stored 1>
]]
