// The parts of the page that to_html makes.
#pragma once

#include <string>
#include <string_view>

#include "report/words.hpp"

namespace mailfault::html {

/// All of the page's style: it loads nothing.
std::string_view style();

/// A run in the page: what its ids begin with.
struct Card {
  const ScenarioRun& run;
  std::string id;
};

std::string class_of(std::string_view verdict);
/// Verdicts are told apart by their form and their name, not by their colour alone.
std::string_view mark_of(std::string_view verdict);
/// Text from the wire, escaped: line endings become line feeds, other control characters are named.
std::string wire_text(std::string_view text);
/// "1.204 s", as moments are shown everywhere in the page.
std::string moment(Micros at);
std::string element(std::string_view tag, std::string_view name, std::string_view inside);
/// A fold with its heading; `inside` is HTML.
std::string fold(std::string_view name, std::string_view heading, std::string_view inside, bool open);

/// Every connection: its timeline and its conversation; and what happened outside of them.
std::string sessions(const Card& card);
/// What the server stored.
std::string messages(const Card& card);
/// What it sent back.
std::string bounces(const Card& card);

}  // namespace mailfault::html
