scenario {
  title    = "A header says what comes after the final dot: X-Mailfault: 451 4.3.0 Try again",
  emulates = "a server whose faults a message chooses, as blackhole's X-Blackhole-Mode and X-Blackhole-Delay do",
  sources  = { "kura/blackhole" },
}

-- "450 4.2.1 text", "close", "reset", "stall", "discard", "lost" or "delay 30s"; "message" may stand before it.
-- A header is read when the body is complete, so another stage before it comes too late.
local function wish(session)
  local text = session["header.X-Mailfault"]
  if not text then return end
  text = text:gsub("[^\32-\126]", "?"):gsub("^ *[Mm]essage +", "")
  local code, rest = text:match("^ *([45]%d%d)%f[%D] *(.*)$")
  if code then
    local enhanced, after = rest:match("^([45]%.%d%d?%d?%.%d%d?%d?) *(.*)$")
    if enhanced and not after:match("^[%d.]") then return "reply", tonumber(code), enhanced, after:sub(1, 400) end
    return "reply", tonumber(code), code:sub(1, 1) .. ".0.0", rest:sub(1, 400)
  end
  local time = text:match("^ *[Dd]elay +(%d%d?%d?%d?m?[sm]) *$")
  if time then return "delay", time end
  local word = text:lower():match("^ *(%a+) *$")
  local words = { close = true, reset = true, stall = true, discard = true, lost = true }
  if words[word] then return word end
  print("X-Mailfault: nothing is known as '" .. text:sub(1, 80) .. "' after the final dot")
end

on.message:matching(function(session) return wish(session) ~= nil end):run(function(session)
  local what, value, enhanced, text = wish(session)
  if what == "delay" then return session:delay(value) end
  if what == "close" then return close() end
  if what == "reset" then return reset() end
  if what == "stall" then return stall() end
  if what == "discard" then return discard() end
  if what == "lost" then return accept():close() end
  local answer = reply(value, enhanced, { text })
  return value == 421 and answer:close() or answer
end)

-- blackhole: accept, bounce or random, and so many seconds before, or between two numbers.
on.message:where("header.X-Blackhole-Delay"):run(function(session)
  local low, high = session["header.X-Blackhole-Delay"]:match("^ *(%d%d?%d?) *,? *(%d?%d?%d?) *$")
  if not low then return end
  low, high = tonumber(low), tonumber(high) or tonumber(low)
  session:delay(low + (math.max(low, high) - low) * math.random())
end)
on.message:where("header.X-Blackhole-Mode", "bounce"):reply(550, "5.0.0", "Bounced")
on.message:where("header.X-Blackhole-Mode", "random"):chance(0.5):reply(451, "4.0.0", "Bounced")

expect.outcome { "delivered", "temporary", "permanent", "ambiguous" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ...
S: 250 ...
S: 354 ...
C: X-Mailfault: message 451 4.3.0 Try again
C:
C: .
S: 451 4.3.0 Try again
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ...
S: 250 ...
S: 354 ...
C: X-Mailfault: rcpt 450 4.2.1 too late
C:
C: .
S: 250 ...
S: <stored 1>
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ...
S: 250 ...
S: 354 ...
C: X-Blackhole-Delay: 10
C: X-Blackhole-Mode: bounce
C:
C: .
S: <silence 9s>
S: 550 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ...
S: 250 ...
S: 354 ...
C: X-Mailfault: lost
C:
C: .
S: <close>
S: <stored 2>
]]
