scenario {
  title    = "The recipient's local part says what comes after the final dot: tempfail-x@, permfail@, 451-4.3.0@",
  emulates = "KumoMTA's smart sink",
  sources  = { "kumomta examples/smart-sink-docker" },
}

-- As there, the word may have more behind a dash: "tempfail-3@". The first recipient that asks for something decides.
local function refusal(rcpt)
  local word = rcpt:lower():match("^([^@]*)@")
  if not word then return end
  if word == "tempfail" or word:match("^tempfail[-+]") then return 450, "4.0.0" end
  if word == "permfail" or word:match("^permfail[-+]") then return 550, "5.0.0" end
  local code, rest = word:match("^([45]%d%d)%-(.*)$")
  local enhanced = rest and rest:match("^([45]%.%d%d?%d?%.%d%d?%d?)$")
  if code then return tonumber(code), enhanced or code:sub(1, 1) .. ".0.0" end
end

local function asked(session)
  for _, rcpt in ipairs(session.rcpts) do
    local code, enhanced = refusal(rcpt)
    if code then return code, enhanced end
  end
end

on.message:matching(function(session) return asked(session) ~= nil end):run(function(session)
  local code, enhanced = asked(session)
  local answer = reply(code, enhanced, { "As you wish" })
  return code == 421 and answer:close() or answer
end)

expect.outcome { "temporary", "permanent" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<451-4.3.0@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 451 4.3.0 As you wish
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<permfail-x@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 550 5.0.0 As you wish
S: <stored 0>
]]
