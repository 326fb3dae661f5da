#include "cli/score_run.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/progress.hpp"

namespace mailfault::cli {
namespace {

constexpr std::size_t enough_to_know = 5;  // open doors that nobody came to

class Player {
 public:
  Player(const std::vector<const PlannedCase*>& cases, const ScoreRunOptions& options)
      : cases_(cases), options_(options), done_(cases.size()), progress_(cases.size(), options.quiet) {}

  ScoreRunResult play() {
    auto cores = std::max(1u, std::thread::hardware_concurrency());
    auto jobs = std::min<std::size_t>(options_.jobs, cases_.size());
    std::vector<std::unique_ptr<Loop>> loops;
    for (std::size_t i = 0; i < std::min<std::size_t>(jobs, cores); ++i) loops.push_back(std::make_unique<Loop>());
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < jobs; ++i) workers.emplace_back([&, i] { work(*loops[i % loops.size()]); });
    for (auto& worker : workers) worker.join();
    progress_.clear();
    for (auto& each : done_)
      if (each) result_.cases.push_back(std::move(*each));
    if (result_.cannot_run.empty() && unanswered_ > 0 && !connected_) result_.gave_up = true;
    if (!result_.gave_up) result_.never_connected.clear();
    return std::move(result_);
  }

 private:
  void work(Loop& loop) {
    for (;;) {
      std::size_t mine;
      {
        std::lock_guard lock(mutex_);
        if (next_ == cases_.size() || result_.gave_up || options_.trial.stop_signal() != 0) return;
        mine = next_++;
      }
      const auto& planned = *cases_[mine];
      auto played = planned.lacking ? planned.known : play(planned, loop);
      std::lock_guard lock(mutex_);
      if (options_.trial.stop_signal() != 0 && !planned.lacking) return;  // the command was ended by us
      take(mine, std::move(played));
    }
  }

  ScoreCase play(const PlannedCase& planned, Loop& loop) {
    try {
      LoadedScenario loaded{planned.file.id, planned.file, planned.set, nullptr};
      loaded.script = load(planned.file, planned.set, options_.trial.instance.seed);
      Trial trial(std::move(loaded), options_.trial);
      trial.play(loop);
      if (!trial.result().command.started) {
        std::lock_guard lock(mutex_);
        result_.cannot_run = trial.result().command.output;
        result_.gave_up = true;
      }
      trial.result().replay = options_.replay(planned);
      return score_case(trial.result());
    } catch (const Error& error) {
      auto out = planned.known;
      out.error = error.what();
      out.replay = options_.replay(planned);
      return out;
    }
  }

  void take(std::size_t at, ScoreCase played) {
    if (played.ran && cases_[at]->open) {
      connected_ = connected_ || played.connections > 0;
      unanswered_ += played.connections == 0;
      result_.never_connected = played.quote;
    }
    if (!connected_ && unanswered_ >= enough_to_know) result_.gave_up = true;
    fails_ += played.fails();
    done_[at] = std::move(played);
    progress_.show(++finished_, fails_ > 0 ? counted(fails_, "fails", "fail") : "");
  }

  const std::vector<const PlannedCase*>& cases_;
  const ScoreRunOptions& options_;
  std::mutex mutex_;
  std::vector<std::optional<ScoreCase>> done_;
  std::size_t next_ = 0, finished_ = 0, fails_ = 0, unanswered_ = 0;
  bool connected_ = false;
  ScoreRunResult result_;
  Progress progress_;
};

}  // namespace

ScoreRunResult play_score(const std::vector<const PlannedCase*>& cases, const ScoreRunOptions& options) {
  return Player(cases, options).play();
}

}  // namespace mailfault::cli
