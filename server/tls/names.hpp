// What a certificate is made out for: the placeholders of a recipe, filled in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tls/certificate.hpp"

namespace mailfault::tls {

/// An entry of subjectAltName.
struct SubjectName {
  std::string value;
  bool is_address = false;  ///< else a DNS name, whatever it looks like
  bool operator==(const SubjectName&) const = default;
};

bool is_address(std::string_view text);
/// Names in one form: in lower case, without the dot at the end, none twice. What can't stand in a certificate (an
/// SNI may be anything) is left out; of `more`, Error is thrown for it.
Names canonical(const Names& names);
/// What {name} stands for: the name asked for, else the first of `more`, else the host.
std::string asked_name(const Names& names);
/// A text of a subject: {name} filled in, and {level}.
std::string fill_in(std::string_view text, const Names& names, int level);
/// The entries that these templates stand for, in order, none twice. An address is made an iPAddress unless the
/// template begins with "dns:". `names` are canonical.
std::vector<SubjectName> subject_names(const std::vector<std::string>& templates, const Names& names);

}  // namespace mailfault::tls
