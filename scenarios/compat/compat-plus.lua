scenario {
  title    = "A tag behind the recipient's name is the reply: user+450@, user+550-5.1.1@, user+hardbounce@",
  emulates = "EmailSpect, Maileroo's magic tags, Haraka's mail simulator",
  sources  = { "emailspect.com/help", "maileroo.com/docs/api-reference/email-testing/inboxes/getting-started",
               "wildbit/haraka-plugin-mail-simulator help.txt" },
}

local words = {
  bounce = { 450, "4.2.1" }, softbounce = { 450, "4.2.1" }, ["transient-bounce"] = { 450, "4.2.1" },
  hardbounce = { 550, "5.2.1" }, ["hard-bounce"] = { 550, "5.2.1" },
}

-- The last tag counts, so the rest of the address may be anyone's.
local function refusal(rcpt)
  local tag = rcpt:lower():match("%+([^+@]*)@[^@]*$")
  if not tag then return end
  if words[tag] then return words[tag][1], words[tag][2] end
  local code, rest = tag:match("^([45]%d%d)(.*)$")
  local enhanced = rest and rest:match("^[-_]([45]%.%d%d?%d?%.%d%d?%d?)$")
  if code and (rest == "" or enhanced) then return tonumber(code), enhanced or code:sub(1, 1) .. ".0.0" end
end

on.rcpt:matching(function(session, rcpt) return refusal(rcpt) ~= nil end):run(function(session, rcpt)
  local code, enhanced = refusal(rcpt)
  local answer = reply(code, enhanced, { "As you wish" })
  return code == 421 and answer:close() or answer
end)

expect.outcome { "temporary", "permanent", "partial" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<jane+news+450@example.net>
S: 450 4.0.0 As you wish
C: RCPT TO:<jane+552-5.2.2@example.net>
S: 552 5.2.2 As you wish
C: RCPT TO:<jane+hardbounce@example.net>
S: 550 5.2.1 As you wish
C: RCPT TO:<jane+news@example.net>
S: 250 ...
]]
