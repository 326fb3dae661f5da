# What an adapter in Ruby is told, and how it tells what became of the mail.
require "json"
require "net/smtp"

HOST, PORT = ENV["SMTP_HOST"], ENV["SMTP_PORT"].to_i
TLS, CA = ENV["MAILFAULT_TLS"] || "none", ENV["MAILFAULT_CA"]
LOGIN = ENV["MAILFAULT_AUTH"].to_s.empty? ? nil : [ENV["SMTP_USER"], ENV["SMTP_PASSWORD"]]
SENDER, RECIPIENTS = ENV["MAILFAULT_SENDER"], ENV["MAILFAULT_RECIPIENTS"].split
LIMIT = ENV["MAILFAULT_TIMEOUT"].to_f
NAMES = JSON.parse(File.read(File.join(File.dirname(File.realpath($0)), "profile.json")))["names"]
$failed = false

# Id and text of each message, with the pause that is wanted between two.
def each_mail
  (1..ENV["MAILFAULT_MESSAGES"].to_i).each do |number|
    sleep ENV["MAILFAULT_IDLE"].to_f if number > 1
    text = File.binread(File.join(ENV["MAILFAULT_MAIL"], "#{number}.eml"))
    yield text[/^Message-ID:\s*(<.*?>)/i, 1], text
  end
end

# By the reply code that the exception has, else by its class as the profile has it.
def word_of(error)
  code = error.respond_to?(:response) && error.response ? error.response.status.to_i : 0
  return [525, 530, 534, 535, 538].include?(code) ? "misconfigured" : code < 500 ? "temporary" : "permanent" if code.between?(400, 599)
  known = error.class.ancestors.find { |each| NAMES[each.name] }
  known ? NAMES[known.name] : "failed"
end

# Of a message, or of a recipient of it. What is true of all of them, its exit status and output say.
def tell(*words)
  $failed ||= words[0] != "sent"
  return if words.size < 2 || words.size == 2 && ENV["MAILFAULT_MESSAGES"] == "1"
  File.write(ENV["MAILFAULT_REPORT"], words.join(" ") + "\n", mode: "a")
end

def tell_error(error, *of)
  warn "#{error.class}: #{error.message}"
  tell word_of(error), *of
end
