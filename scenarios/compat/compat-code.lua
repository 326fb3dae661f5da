scenario {
  title    = "The recipient's local part is the code: 550@, 450-4.2.1@, tempfail@, permfail@",
  emulates = "FakeSMTP's wish of 2014, KumoMTA's smart sink (there after the dot)",
  sources  = { "FakeSMTP#12", "kumomta examples/smart-sink-docker" },
}

local words = { tempfail = { 450, "4.0.0" }, permfail = { 550, "5.0.0" } }

local function refusal(rcpt)
  local word = rcpt:lower():match("^([^@]*)@")
  if not word then return end
  if words[word] then return words[word][1], words[word][2] end
  local code, rest = word:match("^([45]%d%d)(.*)$")
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
C: RCPT TO:<550@example.net>
S: 550 5.0.0 As you wish
C: RCPT TO:<450-4.2.1@example.net>
S: 450 4.2.1 As you wish
C: RCPT TO:<tempfail@example.net>
S: 450 ...
C: RCPT TO:<permfail@example.net>
S: 550 ...
C: RCPT TO:<5501@example.net>
S: 250 ...
C: RCPT TO:<421@example.net>
S: 421 ...
S: <close>
]]
