// The parts of the folder of pages that write_score_pages makes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/score.hpp"

namespace mailfault::score_pages {

/// A client: a column of the table.
struct Column {
  const ScoreReport* report = nullptr;
  std::string key;   ///< of its data's file and in links: a-z, 0-9, '.', '_' and '-'; no two are alike
  std::string name;  ///< with its version
};

/// A scenario: a row.
struct Row {
  const ScoreCase* facts = nullptr;     ///< of whoever was scored under it first
  std::string_view kind;                ///< failure_kind
  std::vector<const ScoreCase*> cells;  ///< by column; null: it wasn't played
};

struct Table {
  std::vector<Column> columns;
  std::vector<Row> rows;  ///< by the kinds' order, then by id
};
/// The reports must outlive it.
Table table_of(std::span<const ScoreReport> reports);

/// How a cell is shown. Each is told from the others by its mark and its word, not by its colour alone.
struct Look {
  char letter;  ///< in data/scenarios.js
  std::string_view name, mark, word;
};
const Look& look_of(const ScoreCase* cell);
std::span<const Look> looks();
/// "fail: mail lost"
std::string verdict_of(const ScoreCase& cell);
/// What a grade says: "mail is lost".
std::string_view meaning_of(char grade);
/// "cell.html#curl/dot-421"
std::string link_to(const Column& column, const ScoreCase& cell);

/// Until the page's content: it may load the style and the scripts of its folder, nothing else.
std::string page_head(std::string_view title, std::string_view script);
std::string index_page(const Table& table);
std::string cell_page();
/// What the cells' page needs of all scenarios, as a script.
std::string scenarios_data(const Table& table);
/// And of a client. All text in it is text: nothing of it becomes markup.
std::string client_data(const Column& column);
std::string_view style();
std::string_view index_script();
std::string_view cell_script();

}  // namespace mailfault::score_pages
