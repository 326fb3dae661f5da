#include "tls/names.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::tls {
namespace {

constexpr std::size_t longest_name = 253;  // RFC 1035 section 2.3.4, as text

std::string one_form(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  bool usable = !name.empty() && name.size() <= longest_name &&
                std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
  return usable ? lower(name) : "";
}

std::vector<std::string> all_of(const Names& names) {
  std::vector<std::string> all{"localhost", "127.0.0.1", "::1", names.host, names.sni};
  all.insert(all.end(), names.more.begin(), names.more.end());
  std::erase(all, "");
  return all;
}

// "mx.example.com", 1: "example.com"; nothing if it would be a top-level domain.
std::string without_labels(std::string_view name, int labels) {
  for (; labels > 0; --labels) {
    auto dot = name.find('.');
    if (dot == std::string_view::npos) return "";
    name.remove_prefix(dot + 1);
  }
  return std::string(name.find('.') == std::string_view::npos ? "" : name);
}

std::string replaced(std::string_view text, std::string_view placeholder, std::string_view by) {
  std::string out(text);
  for (std::size_t at = 0; (at = out.find(placeholder, at)) != std::string::npos; at += by.size())
    out.replace(at, placeholder.size(), by);
  return out;
}

struct Range {
  std::string text;  // "{1..10}"
  int first = 0, last = 0;
};

// Of the form {1..10}, at most 100,000 of them; none: last < first.
Range range_in(std::string_view text) {
  Range none{"", 1, 0};
  auto open = text.find('{'), dots = text.find(".."), close = text.find('}');
  if (open == std::string_view::npos || close == std::string_view::npos || !(open < dots && dots < close))
    return none;
  Range range{std::string(text.substr(open, close - open + 1)), 0, 0};
  auto first = std::from_chars(text.data() + open + 1, text.data() + dots, range.first);
  auto last = std::from_chars(text.data() + dots + 2, text.data() + close, range.last);
  bool whole = first.ptr == text.data() + dots && last.ptr == text.data() + close;
  return whole && range.last - range.first < 100000 ? range : none;
}

}  // namespace

bool is_address(std::string_view text) {
  in6_addr address;
  std::string copy(text);
  return inet_pton(AF_INET, copy.c_str(), &address) == 1 || inet_pton(AF_INET6, copy.c_str(), &address) == 1;
}

Names canonical(const Names& names) {
  Names out{one_form(names.host), one_form(names.sni), {}};
  for (const auto& each : names.more) {
    auto form = one_form(each);
    if (form.empty())
      throw Error("'" + escaped(each) + "' is no host name: give one in ASCII, of at most " +
                  std::to_string(longest_name) + " bytes (bücher.example is written xn--bcher-kva.example)");
    if (std::find(out.more.begin(), out.more.end(), form) == out.more.end()) out.more.push_back(form);
  }
  return out;
}

std::string asked_name(const Names& names) {
  if (!names.sni.empty()) return names.sni;
  return names.more.empty() ? names.host : names.more.front();
}

std::string fill_in(std::string_view text, const Names& names, int level) {
  return replaced(replaced(text, "{name}", asked_name(names)), "{level}", std::to_string(level));
}

std::vector<SubjectName> subject_names(const std::vector<std::string>& templates, const Names& names) {
  std::vector<SubjectName> out;
  std::unordered_set<std::string> seen;
  auto add = [&](std::string value, bool address) {
    if (seen.insert((address ? "address:" : "") + value).second) out.push_back({std::move(value), address});
  };
  auto has = [](std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; };
  auto all = all_of(names);

  for (std::string_view text : templates) {
    bool dns = text.starts_with("dns:");
    if (dns) text.remove_prefix(4);
    auto range = range_in(text);
    bool parents = has(text, "{parents}"), grandparents = has(text, "{grandparents}");
    if (text == "{names}") {
      for (const auto& each : all) add(each, !dns && is_address(each));
    } else if (has(text, "{names}") || parents || grandparents) {
      for (const auto& each : all) {
        auto of_it = parents ? without_labels(each, 1) : grandparents ? without_labels(each, 2) : each;
        if (of_it.empty() || is_address(each)) continue;
        add(replaced(replaced(replaced(text, "{names}", of_it), "{parents}", of_it), "{grandparents}", of_it), false);
      }
    } else if (range.first <= range.last) {
      for (int i = range.first; i <= range.last; ++i) add(replaced(text, range.text, std::to_string(i)), false);
    } else {
      auto filled = fill_in(text, names, 1);
      bool address = !dns && is_address(filled);
      add(std::move(filled), address);
    }
  }
  return out;
}

}  // namespace mailfault::tls
