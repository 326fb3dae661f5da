// What mail clients do wrong: a row each, and where it must show.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/verdict.hpp"

namespace mailfault {

enum class Misdeed : std::uint8_t {
  none,
  resends_refused,
  loses_deferred,
  calls_deferral_permanent,
  hammers,
  resends_lost_at_once,
  resends_after_quit,
  sends_twice,
  goes_on_in_clear,
  believes_any_certificate,
  believes_injected_reply,
  logs_in_in_clear,
  logs_in_unoffered,
  logs_in_again,
  skips_second_ehlo,
  talks_before_greeting,
  talks_after_421,
  sends_body_early,
  sends_data_to_nobody,
  uses_unoffered_parameter,
  sends_bare_lf,
  stuffs_no_dots,
  sends_8bit_unoffered,
  mixes_messages,
  says_sent,
  drops_refused_recipients,
  resends_to_accepted,
  reports_failure_of_sent,
  gives_up_stale_connection,
  keeps_transaction,
  hangs,
  writes_to_bounced,
};

struct MisdeedRow {
  Misdeed misdeed;
  std::string_view name;                          ///< "a client that …"
  Verdict verdict;                                ///< at least this bad, wherever there is an occasion for it
  std::vector<std::string_view> allowed_by = {};  ///< outcomes: where a scenario accepts one of these, it may pass
  std::vector<std::string_view> lax_by = {};      ///< outcomes that make it a SHOULD
  bool of_outcome = false;                        ///< a scenario that names no outcome can't judge it
};
std::span<const MisdeedRow> misdeed_table();

/// Where a misdeed doesn't show, or less.
struct Spared {
  Misdeed misdeed;
  std::vector<std::string_view> scenarios;
  Verdict verdict;  ///< at least this bad all the same
};
std::span<const Spared> spared_table();

}  // namespace mailfault
