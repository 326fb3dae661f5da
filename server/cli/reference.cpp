#include "cli/reference.hpp"

#include <algorithm>
#include <array>

#include "actions/actions.hpp"
#include "base/text.hpp"
#include "scenario/scenario.hpp"
#include "script/provider.hpp"

namespace mailfault::reference {
namespace {

// A cell of a Markdown table: a bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

std::string row(std::initializer_list<std::string> cells) {
  std::string out = "|";
  for (const auto& each : cells) out += " " + each + " |";
  return out + "\n";
}

// "time: duration, linger?: duration" cut at its commas, those inside brackets excepted.
std::vector<std::string> parameter_list(std::string_view text) {
  std::vector<std::string> out;
  int depth = 0;
  std::string current;
  for (char c : text) {
    depth += c == '{' || c == '(' ? 1 : c == '}' || c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      out.emplace_back(trim(current));
      current.clear();
    } else {
      current += c;
    }
  }
  if (!trim(current).empty()) out.emplace_back(trim(current));
  return out;
}

std::string names_of(const std::vector<std::string>& parameters) {
  std::vector<std::string> names;
  for (const auto& parameter : parameters) {
    auto name = parameter.substr(0, parameter.find(':'));
    if (name.ends_with('?')) name.pop_back();
    names.push_back(name);
  }
  return join(names, ", ");
}

std::string function(std::string_view doc, std::string_view parameters, std::string_view name,
                     std::string_view returns) {
  auto list = parameter_list(parameters);
  std::string out = "---" + std::string(doc) + "\n";
  for (const auto& parameter : list) {
    auto colon = parameter.find(':');
    out += "---@param " + parameter.substr(0, colon) + " " + std::string(trim(parameter.substr(colon + 1))) + "\n";
  }
  if (!returns.empty()) out += "---@return " + std::string(returns) + "\n";
  return out + "function " + std::string(name) + "(" + names_of(list) + ") end\n\n";
}

}  // namespace

std::string_view name_of(ActionClass kind) {
  static constexpr std::array<std::string_view, 7> names{"answers", "ends",  "waits",  "shapes",
                                                         "decides", "aside", "reports"};
  return names[static_cast<std::size_t>(kind)];
}

std::size_t texts_of(const Provider& provider, ProviderReply::Mark mark) {
  return static_cast<std::size_t>(std::count_if(provider.replies.begin(), provider.replies.end(),
                                                [&](const ProviderReply& reply) { return reply.mark == mark; }));
}

std::string tables() {
  std::string out =
      "### Stages\n\n| stage | comes when | function's 2nd argument | healthy answer | effect "
      "|\n|---|---|---|---|---|\n";
  for (const auto& each : stages())
    out += row({code(each.name), cell(each.comes_when), cell(each.argument), code(each.healthy), cell(each.effect)});
  out += "\n### Triggers\n\n| trigger | holds |\n|---|---|\n";
  for (const auto& each : trigger_table()) out += row({code(each.usage), cell(each.holds)});
  out += "\n### Actions\n\n| action | | does | tier |\n|---|---|---|---|\n";
  for (const auto* each : action_table())
    out += row({code(each->usage), std::string(name_of(each->kind)), cell(each->does), std::string(each->tier)});
  out += "\n### Fields\n\n| field | type | what |\n|---|---|---|\n";
  for (const auto& each : fields()) out += row({code(each.name), cell(each.type), cell(each.what)});
  out += row({code("header.NAME"), "string", "of the message, unfolded and decoded; at `message`"});
  out += row({code("param.NAME"), "string", "of MAIL or RCPT; `true` where it has no value"});
  out += row({code("from.domain") + " " + code("rcpt.localpart") + " …", "string", "parts of an address"});
  out += row({code("peer/24"), "string", "the client's network"});
  out += "\n### Replies of the server\n\n| name | text of the built-in server |\n|---|---|\n";
  for (const auto& each : reply_table()) out += row({code(each.name), code(each.text)});
  out +=
      "\n### Providers\n\n| provider | whose server it is | before MAIL it wants | texts, verified and approximate "
      "|\n"
      "|---|---|---|---|\n";
  for (const auto& file : script::all_providers(nullptr)) {
    auto provider = script::load_provider(file);
    auto wants = std::string(provider->requires_tls ? "TLS" : "") +
                 (provider->requires_tls && provider->requires_auth ? ", " : "") +
                 (provider->requires_auth ? "AUTH" : "");
    out += row({code(provider->name), cell(provider->title), wants,
                std::to_string(texts_of(*provider, ProviderReply::Mark::verified)) + ", " +
                    std::to_string(texts_of(*provider, ProviderReply::Mark::approximate))});
  }
  out += "\n### Limits for clients\n\n| limit | counts | usual reply |\n|---|---|---|\n";
  for (const auto& each : limit_table()) {
    const auto& reply = reply_table()[static_cast<std::size_t>(each.reply)];
    out += row({code(each.usage), cell(each.does), code(reply.name) + (each.ends ? ", FIN" : "")});
  }
  out += "\n### Settings of TLS\n\n| setting | type | what |\n|---|---|---|\n";
  for (const auto& each : tls_fields()) out += row({code(each.name), cell(each.type), cell(each.what)});
  out += "\n### Expectations\n\n| expectation | what |\n|---|---|\n";
  for (const auto& each : expectation_table()) out += row({code(each.usage), cell(each.what)});
  return out;
}

std::string annotations() {
  std::string out =
      "---@meta\n"
      "-- The language of mailfault's scenarios, for editors with a Lua language server.\n"
      "-- Made by `mailfault list --annotations`; a test keeps it true.\n\n"
      "---@alias duration string|number  \"200ms\", \"5s\", \"2m\", or a number of seconds\n"
      "---@alias size string|integer  4096, \"64kB\" (1000), \"64KiB\" (1024)\n";
  out += "---@alias field";
  for (const auto& each : fields()) out += "\n---| '\"" + std::string(each.name) + "\"'";
  out += "\n---| string\n\n---@class Session\n";
  for (const auto& each : fields())
    out +=
        "---@field " + std::string(each.name) + " " + std::string(each.type) + "? " + std::string(each.what) + "\n";
  out += "local Session = {}\n\n";
  for (const auto* each : action_table())
    if (each->name != "run") out += function(each->does, each->parameters, "Session:" + std::string(each->name), "");
  out += function("The next line without CRLF; takes it, no stage sees it. nil and \"timeout\" or \"closed\".",
                  "time: duration", "Session:read_line", "string? line, string? why");
  out += function("True as soon as the client has sent a byte (a line like the glob); takes nothing.",
                  "time: duration, glob?: string", "Session:wait", "boolean");
  out += "---@class Chain\nlocal Chain = {}\n\n";
  for (const auto* each : action_table())
    out += function(each->does, each->parameters, "Chain:" + std::string(each->name), "Chain");
  out += "---@class Rule\nlocal Rule = {}\n\n";
  for (const auto& each : trigger_table())
    out += function(each.holds, each.parameters, "Rule:" + std::string(each.name), "Rule");
  for (const auto* each : action_table())
    out += function(each->does, each->parameters, "Rule:" + std::string(each->name), "Rule");
  for (const auto* each : action_table())
    out += function(each->does, each->parameters, std::string(each->name), "Chain");
  out += "---@alias Starter Rule|fun(fn: fun(session: Session, argument?: string): Chain?): Rule\n---@class On\n";
  for (const auto& each : stages())
    out += "---@field " + std::string(each.name) + " Starter " + std::string(each.comes_when) + "\n";
  out += "on = {}\n\n---@class Expect\n---@overload fun(fn: fun(run: table): boolean, string?)\n";
  for (const auto& each : expectation_table())
    if (each.name != "function")
      out += "---@field " + std::string(each.name) + " fun(what: any) " + std::string(each.what) + "\n";
  out +=
      "expect = {}\n\n"
      "---Shared by all sessions of the instance, gone with it; any other name is yours.\n"
      "---@class State\n---@field [any] any\nstate = {}\n\n"
      "---How many times asked for this key.\n---@param ... any\n---@return integer\nfunction state:count(...) "
      "end\n\n"
      "---Seconds since first asked for this key.\n---@param ... any\n---@return number\nfunction state:age(...) "
      "end\n\n"
      "---Times asked for this key in the last window, this one included.\n---@param window duration\n---@param ... "
      "any\n"
      "---@return integer\nfunction state:rate(window, ...) end\n\n"
      "---The values of the scenario's parameters.\n---@type table<string, any>\nparams = {}\n\n"
      "---@class WireSettings\n---@field latency? duration\n---@field jitter? duration\n---@field bandwidth? "
      "string|number\n"
      "---@field read_bandwidth? string|number\n---@field mtu? integer larger segments from the client vanish (tier "
      "T1)\n"
      "---@field loss? number share of the client's segments that vanish (tier T1)\n\n"
      "---@class TlsSettings\n";
  for (const auto& each : tls_fields())
    out +=
        "---@field " + std::string(each.name) + "? " + std::string(each.type) + " " + std::string(each.what) + "\n";
  out +=
      "\n---@class UseSettings: TlsSettings\n---@field provider? string\n---@field capabilities? string[]\n---@field "
      "wire? WireSettings\n"
      "---@field keep_pending? boolean what came in clear behind STARTTLS is executed inside TLS\n\n"
      "---@class Dsn\n---@field action? \"failed\"|\"delayed\"|\"delivered\"|\"relayed\"|\"expanded\"\n"
      "---@field status? string as \"5.1.1\"\n---@field diagnostic? string a reply, as \"550 5.1.1 User unknown\"\n"
      "---@field remote_mta? string who gave that reply\n---@field after? duration\n---@field form? "
      "\"rfc3464\"|\"qmail\"|\"ndr\"\n---@field original? string is returned in place of the message\n"
      "---@field date? string is its Date\n\n"
      "---@class Complaint\n---@field type? \"abuse\"|\"fraud\"|\"virus\"|\"other\"|\"not-spam\"\n"
      "---@field after? duration\n---@field original? string is returned in place of the message\n---@field date? "
      "string is its Date\n\n"
      "---@class AutoReply\n---@field subject? string\n---@field text? string\n---@field after? duration\n"
      "---@field date? string is its Date\n\n"
      "---@class Door: TlsSettings\n---@field port? integer\n---@field state? "
      "\"open\"|\"refused\"|\"dropped\"|\"silent\"\n"
      "---@field ipv4? string state of IPv4 alone\n---@field ipv6? string state of IPv6 alone\n---@field tls? "
      "\"none\"|\"starttls\"|\"implicit\"\n"
      "---@field main? boolean the door that a client is given\n"
      "---@field protocol? \"smtp\"|\"lmtp\"\n"
      "---@field proxy? boolean each connection begins with a PROXY header\n---@field wire? WireSettings\n\n"
      "---@class Declaration\n---@field title string\n---@field emulates? string\n---@field sources? string[]\n"
      "---@field params? table<string, {[1]: any, [2]: string}>\n---@field needs? table\n---@field waive? string[]\n"
      "---@field patience? {still?: duration, gone?: duration}\n\n"
      "---@param declaration Declaration\nfunction scenario(declaration) end\n\n"
      "---@param doors table<string, Door>\nfunction doors(doors) end\n\n"
      "---@param lines table lines of the EHLO reply, or edits: \"+AUTH LOGIN\", \"-SIZE\"\nfunction "
      "capabilities(lines) end\n\n"
      "---@param users table<string, string> passwords by name\nfunction users(users) end\n\n"
      "---@param settings WireSettings\nfunction wire(settings) end\n\n"
      "---@param settings TlsSettings\nfunction tls(settings) end\n\n"
      "---@class Limits\n";
  for (const auto& each : limit_table())
    out += "---@field " + std::string(each.name) + "? " +
           (each.kind == LimitSpec::Kind::silence ? "duration|table"
            : each.kind == LimitSpec::Kind::rate  ? "table"
                                                  : "integer|table") +
           " " + std::string(each.usage) + ": " + std::string(each.does) + "\n";
  out +=
      "\n---@param settings Limits\nfunction limits(settings) end\n\n"
      "---@param transcript string|table\nfunction example(transcript) end\n\n"
      "---@param name string whose server it is: \"gmail\", \"ses\" …\nfunction provider(name) end\n";
  return out;
}

}  // namespace mailfault::reference
