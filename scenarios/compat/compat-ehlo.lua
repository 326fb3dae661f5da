scenario {
  title    = "The client's own name says which command gets which reply: EHLO 450.rcpt.client.example",
  emulates = "a server whose faults a client chooses by its name, as in BadSMTP (helo500.example.com)",
  sources  = { "BadSMTP README" },
}

-- CODE.STAGE.…, CODE-E-N-H.STAGE.…, and BadSMTP's heloCODE.… and ehloCODE.…
local function wish(session)
  local name = (session.helo or ""):lower()
  local code = name:match("^[he][eh]lo([45]%d%d)%.")
  if code then return "helo", tonumber(code), code:sub(1, 1) .. ".0.0" end
  local label, stage = name:match("^([%d-]+)%.(%a+)%.")
  if not label then return end
  local class, a, b
  code, class, a, b = label:match("^([45]%d%d)%-([45])%-(%d%d?%d?)%-(%d%d?%d?)$")
  if code then return stage, tonumber(code), class .. "." .. a .. "." .. b end
  code = label:match("^([45]%d%d)$")
  if code then return stage, tonumber(code), code:sub(1, 1) .. ".0.0" end
end

for _, stage in ipairs { "helo", "auth", "mail", "rcpt", "data", "message", "rset", "noop", "quit" } do
  on[stage]:matching(function(session) return wish(session) == stage end):run(function(session)
    local _, code, enhanced = wish(session)
    local answer = reply(code, enhanced, { "As you wish" })
    return code == 421 and answer:close() or answer
  end)
end

expect.outcome { "delivered", "temporary", "permanent", "misconfigured" }

example [[
S: 220 ...
C: EHLO 450.rcpt.client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 4.0.0 As you wish
C: EHLO 554-5-7-1.message.client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.7.1 As you wish
S: <stored 0>
C: EHLO helo500.client.example
S: 500 ...
C: EHLO 421.helo.client.example
S: 421 ...
S: <close>
]]
