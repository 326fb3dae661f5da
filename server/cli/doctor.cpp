// doctor: what this machine can play, and the remedy for the rest.
#include <boost/json.hpp>
#include <iostream>

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "wire/probe.hpp"

namespace mailfault::cli {
namespace {

class Doctor final : public Subcommand {
 public:
  std::string_view name() const override { return "doctor"; }
  std::string_view summary() const override {
    return "Find out what this machine can play, and the remedy for the rest";
  }
  std::string_view examples() const override { return "  mailfault doctor\n  mailfault doctor --json\n"; }
  void declare(OptionTable& options) override { options.flag("--json", json_, "as JSON"); }
  int run() override {
    auto probes = wire::probe_machine();
    if (json_) {
      boost::json::array rows;
      for (const auto& probe : probes)
        rows.push_back(boost::json::object{{"name", probe.name},
                                           {"tier", probe.tier},
                                           {"works", probe.works},
                                           {"reason", probe.reason},
                                           {"remedy", probe.remedy}});
      std::cout << boost::json::serialize(rows) << "\n";
      return 0;
    }
    bool color = has_color();
    for (const auto& probe : probes) {
      std::cout << "  " << toned(probe.works ? Tone::good : Tone::warning, probe.works ? "yes" : "no ", color) << "  "
                << probe.tier << "  " << padded(probe.name, 36) << "  " << probe.reason << "\n";
      if (!probe.remedy.empty()) std::cout << "           " << padded("", 36) << "  remedy: " << probe.remedy << "\n";
    }
    std::cout << "\nT0 needs no privilege, T1 needs CAP_NET_ADMIN (root), T2 a network namespace.\n"
                 "A scenario that needs what is missing here is not applicable, and says so.\n";
    return 0;
  }

 private:
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_doctor() { return std::make_unique<Doctor>(); }

}  // namespace mailfault::cli
