// A score as a folder of pages.
#include <memory>

#include "report/html_parts.hpp"
#include "report/score_pages.hpp"
#include "report/whole_files.hpp"

namespace mailfault {

void write_score_pages(std::span<const ScoreReport> reports, const std::string& folder) {
  namespace fs = std::filesystem;
  using namespace score_pages;
  const fs::path root = folder;
  make_folder(root / "data");
  std::vector<std::unique_ptr<WholeFile>> files;
  auto add = [&](const fs::path& path, std::string_view text) {
    files.push_back(std::make_unique<WholeFile>(root / path));
    files.back()->write(text);
    files.back()->finish();
  };
  auto table = table_of(reports);
  for (const auto& column : table.columns) add("data/" + column.key + ".js", client_data(column));
  add("data/scenarios.js", scenarios_data(table));
  add("score.css", std::string(html::style()) + std::string(style()));
  add("cell.js", cell_script());
  add("cell.html", cell_page());
  add("index.js", index_script());
  add("index.html", index_page(table));
  // Only when all are whole: a full disk leaves the pages that were there.
  for (auto& file : files) file->take_place();
}

}  // namespace mailfault
