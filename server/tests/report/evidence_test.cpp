#include "base/error.hpp"
#include "sample.hpp"

namespace mailfault::testing {
namespace {

namespace fs = std::filesystem;

TEST(Evidence, IsAllOfARun) {
  Sample sample;
  auto folder = fresh_folder() / "made" / "for it";
  write_evidence(sample.failed(), folder.string());
  auto journal = slurp(folder / "journal.jsonl");
  EXPECT_EQ(static_cast<std::size_t>(std::count(journal.begin(), journal.end(), '\n')), sample.journal.size());
  EXPECT_EQ(slurp(folder / "messages" / "2.eml"), sample.ledger[1].text);
  EXPECT_EQ(slurp(folder / "dot-accepted-close.lua"), sample.source);
  EXPECT_THAT(slurp(folder / "report.json"), AllOf(StartsWith("{\n"), HasSubstr("2 copies for b@example.net")));
  EXPECT_THAT(slurp(folder / "README.txt"),
              AllOf(HasSubstr("verdict:       fail\n"), HasSubstr("seed:          18446744073709551615\n"),
                    HasSubstr("the command:   ./send 'it'\\''s'\n"), HasSubstr("--seed 7 -- ./send\n"),
                    HasSubstr("seen      2 copies for b@example.net"), HasSubstr("journal.jsonl")));
  write_evidence(sample.run(), folder.string());
  EXPECT_THAT(slurp(folder / "README.txt"), HasSubstr("verdict:       pass\n"));
}

TEST(Evidence, HasWhatWasSentBack) {
  Sample sample;
  sample.bounce();
  auto folder = fresh_folder();
  write_evidence(sample.run(), folder.string());
  EXPECT_EQ(slurp(folder / "bounces" / "1.eml"), "Subject: Undelivered\r\n\r\nx\r\n");
  EXPECT_THAT(slurp(folder / "README.txt"), HasSubstr("bounces/"));
}

TEST(Evidence, OfARunThatStoredNothing) {
  Sample sample;
  auto run = sample.run();
  run.ledger = nullptr;
  run.source = "";
  auto folder = fresh_folder();
  write_evidence(run, folder.string());
  EXPECT_FALSE(fs::exists(folder / "messages"));
  EXPECT_FALSE(fs::exists(folder / "dot-accepted-close.lua"));
}

std::string error_of(const ScenarioRun& run, const fs::path& folder) {
  try {
    write_evidence(run, folder.string());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Evidence, AFailureNamesThePathAndTheReason) {
  Sample sample;
  auto folder = fresh_folder();
  std::ofstream(folder / "file") << "x";
  EXPECT_EQ(error_of(sample.run(), folder / "file" / "in"),
            (folder / "file" / "in").string() + ": the folder can't be made: Not a directory");
  fs::create_directories(folder / "journal.jsonl");
  EXPECT_EQ(error_of(sample.run(), folder),
            (folder / "journal.jsonl").string() + ": can't be written: Is a directory");
  if (!fs::exists("/dev/full")) return;
  fs::remove_all(folder / "journal.jsonl");
  std::ofstream(folder / "journal.jsonl") << "of the run";
  fs::create_symlink("/dev/full", folder / "journal.jsonl.new");
  EXPECT_EQ(error_of(sample.run(), folder),
            (folder / "journal.jsonl").string() + ": can't be written: No space left on device");
  EXPECT_EQ(fs::file_size(folder / "journal.jsonl"), 10U) << "what was written before is lost";
}

}  // namespace
}  // namespace mailfault::testing
