#include "mail/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "mail/parts.hpp"

namespace mailfault::mail {
namespace {

using mimetic::MimeEntity;

constexpr std::time_t retried_for = 5 * 24 * 3600;  // RFC 5321 section 4.5.4.1: four to five days

std::string stamp(std::time_t time) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d%H%M%S", &parts);
  return text;
}

std::string id_of(const Report& report) {
  return stamp(report.now) + "." + report.queue_id + "." + std::to_string(report.number) + "@" + report.host;
}

std::string boundary_of(const Report& report, std::string_view mark = "") {
  auto out = report.queue_id + "." + std::to_string(report.now) + std::string(mark) + "/" + report.host;
  while (report.message.find(out) != std::string::npos || report.text.find(out) != std::string::npos) out += "_";
  return out;
}

std::string header_of(const std::string& message) {
  auto end = message.find("\r\n\r\n");
  return end == std::string::npos ? message : message.substr(0, end + 2);
}

bool all_ascii(const Report& report) {
  return is_ascii(report.to) && std::all_of(report.recipients.begin(), report.recipients.end(),
                                            [](const Recipient& each) { return is_ascii(each.address); });
}

bool has_type(std::string_view diagnostic) {
  auto semicolon = diagnostic.find(';');
  auto type = diagnostic.substr(0, semicolon);
  return semicolon != std::string_view::npos && !type.empty() &&
         type.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
             std::string_view::npos &&
         type.find_first_not_of("0123456789") != std::string_view::npos;
}

/// The reply itself, without its type.
std::string said(const Recipient& recipient) {
  if (!has_type(recipient.diagnostic)) return one_line(recipient.diagnostic);
  return one_line(recipient.diagnostic.substr(recipient.diagnostic.find(';') + 1));
}

void head(MimeEntity& of, const Report& report, const std::string& from) {
  add(of, "Date", report.date.empty() ? date_text(report.now) : report.date);
  add(of, "From", from);
  add(of, "To", report.to);
  add(of, "Subject", subject_of(report));
}

void add_thread(MimeEntity& to, const Report& report) {
  if (report.message_id.empty()) return;
  add(to, "In-Reply-To", "<" + report.message_id + ">");
  add(to, "References", "<" + report.message_id + ">");
}

void add_part(MimeEntity& to, const std::string& type, std::string text) {
  to.body().parts().push_back(new Verbatim(type, std::move(text)));
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\r') continue;
    if (c == '\n') out += '\r';
    out += c;
  }
  return out.ends_with('\n') ? out : out + "\r\n";
}

/// For people: mimetic encodes what isn't ASCII.
void set_text(MimeEntity& of, const std::string& type, const std::string& text) {
  bool plain = is_ascii(text);
  set_type(of, type, {{"charset", plain ? "us-ascii" : "utf-8"}});
  if (plain) {
    of.body().assign(text);
    return;
  }
  mimetic::Base64::Encoder encoder;
  std::string encoded;
  mimetic::code(text.begin(), text.end(), encoder, std::back_inserter(encoded));
  of.body().assign(with_crlf(encoded));  // its lines end with bare LF
  add(of, "Content-Transfer-Encoding", "base64");
}

MimeEntity* text_part(const std::string& type, const std::string& text) {
  auto* part = new MimeEntity;
  set_text(*part, type, text);
  return part;
}

void add_returned(MimeEntity& to, const Report& report) {
  bool ascii = all_ascii(report);
  if (report.whole)
    add_part(to, ascii ? "message/rfc822" : "message/global", report.message);
  else
    add_part(to, ascii ? "text/rfc822-headers" : "message/global-headers", header_of(report.message));
}

// ---------------------------------------------------------------- RFC 3464

std::string line(std::string_view name, const std::string& value) {
  return value.empty() ? "" : std::string(name) + ": " + one_line(value) + "\r\n";
}

std::string typed(std::string_view type, const std::string& value) {
  return value.empty() ? "" : std::string(type) + "; " + value;
}

// RFC 6533 has an address type of its own for what isn't ASCII.
std::string typed_address(const std::string& address) {
  return typed(is_ascii(address) ? "rfc822" : "utf-8", address);
}

std::string delivery_status(const Report& report) {
  auto out = line("Reporting-MTA", typed("dns", report.host)) + line("Original-Envelope-Id", report.envelope_id) +
             line("Received-From-MTA", typed("dns", report.helo)) + line("Arrival-Date", date_text(report.arrived));
  for (const auto& each : report.recipients) {
    out += "\r\n" + line("Original-Recipient", each.original) + line("Final-Recipient", typed_address(each.address)) +
           line("Action", each.action) + line("Status", each.status) +
           line("Remote-MTA", typed("dns", each.remote_mta)) +
           line("Diagnostic-Code", has_type(each.diagnostic) ? each.diagnostic : typed("smtp", each.diagnostic)) +
           line("Last-Attempt-Date", date_text(report.now));
    if (each.action == "delayed") out += line("Will-Retry-Until", date_text(report.arrived + retried_for));
  }
  return out;
}

void add_delivery_status(MimeEntity& to, const Report& report) {
  add_part(to, all_ascii(report) ? "message/delivery-status" : "message/global-delivery-status",
           delivery_status(report));
}

std::string what_happened(const Recipient& recipient) {
  auto out = "<" + recipient.address + ">";
  if (auto reply = said(recipient); !reply.empty())
    return out + ": " + (recipient.remote_mta.empty() ? "" : "host " + recipient.remote_mta + " said: ") + reply;
  if (recipient.action == "failed") return out + ": can't be delivered (" + recipient.status + ")";
  if (recipient.action == "delayed") return out + ": could not be reached yet (" + recipient.status + ")";
  if (recipient.action == "relayed") return out + ": relayed to a system that gives no reports";
  if (recipient.action == "expanded") return out + ": delivered to a list, which gives no reports of its members";
  return out + ": delivered";
}

std::string dsn_words(const Report& report) {
  auto out = "This is the mail system at host " + report.host + ".\r\n\r\n";
  const auto& action = report.recipients.front().action;
  if (action == "failed")
    out += "Your message could not be delivered to one or more recipients.\r\nIt comes back below.\r\n";
  else if (action == "delayed")
    out +=
        "####################################################################\r\n"
        "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\r\n"
        "####################################################################\r\n\r\n"
        "Your message could not be delivered yet. It will be tried again until it is\r\nfive days old.\r\n";
  else
    out += "Your message was handed on as you asked to be told.\r\n";
  for (const auto& each : report.recipients) out += "\r\n" + one_line(what_happened(each)) + "\r\n";
  return out;
}

std::string write_dsn(const Report& report) {
  MimeEntity top;
  head(top, report, "MAILER-DAEMON@" + report.host + " (Mail Delivery System)");
  add(top, "Auto-Submitted", "auto-replied");
  add(top, "Message-ID", "<" + id_of(report) + ">");
  add(top, "MIME-Version", "1.0");
  set_type(top, "multipart/report", {{"report-type", "delivery-status"}, {"boundary", boundary_of(report)}});
  top.body().parts().push_back(text_part("text/plain", dsn_words(report)));
  add_delivery_status(top, report);
  add_returned(top, report);
  return written(top);
}

// ---------------------------------------------------------------- as others write it

std::string html(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

std::string write_ndr(const Report& report) {
  std::string plain, page, details;
  for (const auto& each : report.recipients) {
    auto reply = said(each).empty() ? each.status : said(each);
    auto who = one_line(each.address);
    plain += "Your message to " + who + " couldn't be delivered.\r\n\r\n";
    page += "<p style=\"font-size:21px\">Your message to <b>" + html(who) + "</b> couldn't be delivered.</p>\r\n";
    details += "\r\n" + who + "\r\nRemote Server returned '" + reply + "'\r\n";
  }
  auto generated = "Diagnostic information for administrators:\r\n\r\nGenerating server: " + report.host + "\r\n";
  plain += generated + details;
  page =
      "<html>\r\n<head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=us-ascii\"></head>\r\n"
      "<body>\r\n" +
      page + "<pre>\r\n" + html(generated + details) + "</pre>\r\n</body>\r\n</html>\r\n";

  auto* both = new MimeEntity;
  set_type(*both, "multipart/alternative", {{"boundary", boundary_of(report, ".a")}});
  both->body().parts().push_back(text_part("text/plain", plain));
  both->body().parts().push_back(text_part("text/html", page));
  MimeEntity top;
  head(top, report, "Microsoft Outlook <postmaster@" + report.host + ">");
  add(top, "Message-ID", "<" + id_of(report) + ">");
  add_thread(top, report);
  add(top, "Auto-Submitted", "auto-replied");
  add(top, "X-MS-Exchange-Message-Is-Ndr", "");
  add(top, "Content-Language", "en-US");
  add(top, "MIME-Version", "1.0");
  set_type(top, "multipart/report", {{"report-type", "delivery-status"}, {"boundary", boundary_of(report)}});
  top.body().parts().push_back(both);
  add_delivery_status(top, report);
  add_returned(top, report);
  return written(top);
}

// QSBMF: a paragraph that begins "Hi. This is the", one for each recipient, one that begins with a dash, the message.
std::string write_qmail(const Report& report) {
  auto text = "Hi. This is the qmail-send program at " + report.host +
              ".\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
              "This is a permanent error; I've given up. Sorry it didn't work out.\r\n";
  for (const auto& each : report.recipients) {
    text += "\r\n<" + one_line(each.address) + ">:\r\n";
    auto host = each.remote_mta.empty() ? std::string("The remote host") : each.remote_mta;
    if (auto reply = said(each); reply.empty())
      text += "Sorry, no mailbox here by that name. (#" + each.status + ")\r\n";
    else
      text += host + " does not like recipient.\r\nRemote host said: " + reply + "\r\nGiving up on " + host + ".\r\n";
  }
  text += "\r\n--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <" + one_line(report.to) + ">\r\n" +
          (report.whole ? report.message : header_of(report.message));
  MimeEntity top;
  head(top, report, "MAILER-DAEMON@" + report.host);
  top.body().assign(text);
  return written(top);
}

// ---------------------------------------------------------------- RFC 5965, RFC 3834

std::string domain_of(const std::string& address) {
  auto at = address.rfind('@');
  return at == std::string::npos ? "" : address.substr(at + 1);
}

std::string write_complaint(const Report& report) {
  std::string fields = "Feedback-Type: " + report.feedback_type + "\r\nUser-Agent: Mailfault/1\r\nVersion: 1\r\n" +
                       line("Original-Envelope-Id", report.envelope_id) +
                       line("Original-Mail-From", "<" + report.to + ">") +
                       line("Arrival-Date", date_text(report.arrived)) +
                       line("Reporting-MTA", typed("dns", report.host)) + line("Source-IP", report.peer);
  for (const auto& each : report.recipients) fields += line("Original-Rcpt-To", "<" + each.address + ">");
  fields += line("Reported-Domain", domain_of(report.to));
  MimeEntity top;
  head(top, report, "feedback@" + report.host);
  add(top, "Message-ID", "<" + id_of(report) + ">");
  add(top, "MIME-Version", "1.0");
  set_type(top, "multipart/report", {{"report-type", "feedback-report"}, {"boundary", boundary_of(report)}});
  top.body().parts().push_back(
      text_part("text/plain", "This is an email abuse report for an email message received from IP\r\n" +
                                  report.peer + " on " + date_text(report.arrived) +
                                  ". For more information about this format\r\nplease see RFC 5965.\r\n"));
  add_part(top, "message/feedback-report", fields);
  add_returned(top, report);
  return written(top);
}

std::string write_auto_reply(const Report& report) {
  MimeEntity top;
  head(top, report, report.recipients.front().address);
  add(top, "Message-ID", "<" + id_of(report) + ">");
  add_thread(top, report);
  add(top, "Auto-Submitted", "auto-replied");
  add(top, "MIME-Version", "1.0");
  set_text(
      top, "text/plain",
      with_crlf(report.text.empty() ? "I am out of the office. I read your message when I am back." : report.text));
  return written(top);
}

}  // namespace

std::string_view name_of(Kind kind) {
  static constexpr std::array<std::string_view, 5> names{"dsn", "qmail", "ndr", "complaint", "auto_reply"};
  return names[static_cast<std::size_t>(kind)];
}

std::string subject_of(const Report& report) {
  auto encoded = [](const std::string& text) {
    return is_ascii(text) ? text : "=?utf-8?B?" + base64(text) + "?=";  // RFC 2047
  };
  switch (report.kind) {
    case Kind::qmail:
      return "failure notice";
    case Kind::ndr:
      return "Undeliverable: " + encoded(report.message_subject);
    case Kind::complaint:
      return "FW: " + encoded(report.message_subject);
    case Kind::auto_reply:
      return report.subject.empty() ? "Auto: " + encoded(report.message_subject) : encoded(report.subject);
    case Kind::dsn:
      break;
  }
  const auto& action = report.recipients.front().action;
  if (action == "failed") return "Undelivered Mail Returned to Sender";
  return action == "delayed" ? "Delayed Mail (still being retried)" : "Successful Mail Delivery Report";
}

std::string write(const Report& report) {
  switch (report.kind) {
    case Kind::dsn:
      return write_dsn(report);
    case Kind::qmail:
      return write_qmail(report);
    case Kind::ndr:
      return write_ndr(report);
    case Kind::complaint:
      return write_complaint(report);
    case Kind::auto_reply:
      return write_auto_reply(report);
  }
  return "";
}

std::string date_text(std::time_t time) {
  static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d +0000",
                days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text;
}

std::string from_xtext(std::string_view text) {
  auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high = text[i] == '+' && i + 2 < text.size() ? digit(text[i + 1]) : -1;
    int low = high >= 0 ? digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace mailfault::mail
