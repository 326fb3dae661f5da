scenario {
  title    = "535 to AUTH: the password is no app password",
  emulates = "Yandex Mail (text approximate)",
  sources  = { "Yandex Mail" },
  needs    = { auth = true },
}
provider "yandex"

on.auth:reply(535, "5.7.8", "Error: authentication failed: This user does not have access rights to this service "
  .. "{epoch}-{id}")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.8 Error: authentication failed: This user does not have access rights ...
]]
