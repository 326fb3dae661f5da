scenario {
  title    = "535 that repeats the password",
  emulates = "debug servers (text approximate)",
  sources  = { "PHPMailer#1223", "go-mail 7acfe80" },
  needs    = { auth = true },
}

on.auth:reply(535, "5.7.8", "bad password \"{password}\" for {user}")

expect.outcome "misconfigured"                            -- the password stays out of logs and errors

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20AaHVudGVyMg==
S: 535 5.7.8 bad password "hunter2" for user@example.com
]]
