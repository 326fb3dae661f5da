scenario {
  title    = "The greeting comes after 20 s",
  emulates = "a greet delay against spam",
  sources  = { "PHPMailer#104" },
  params   = { wait = { "20s", "time before the greeting" } },
}

on.greeting:delay(params.wait)

expect.outcome "delivered"                                -- and no command before the 220

example [[
S: <silence 19s>
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
