// Makes a scenario of a conversation, as a person would have written it.
#pragma once

#include <string>
#include <vector>

#include "import/redact.hpp"
#include "import/session.hpp"

namespace mailfault::recorded {

struct Writing {
  bool verbatim = false;  ///< every reply as it was
  bool provider = true;   ///< name it where the log shows a known one
  bool capabilities = true;
  bool example = true;  ///< take it from the log
};

/// The scenario's text. The redactor is asked for all that comes out of the log.
std::string write_scenario(const Conversation& conversation, Redactor& redactor, const Writing& how = {});

/// Whose greeting and EHLO reply these are, by the names of scenarios/providers; empty: nobody's that is known.
std::string provider_of(const Conversation& conversation);

}  // namespace mailfault::recorded
