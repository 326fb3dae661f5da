#include "base/error.hpp"
#include "cli/options.hpp"
namespace mailfault::cli {
namespace {
class Demo final : public Subcommand {
 public:
  std::string_view name() const override { return "demo"; }
  std::string_view summary() const override { return "x"; }
  std::string_view examples() const override { return ""; }
  void declare(OptionTable&) override {}
  int run() override { return 0; }
};
}  // namespace
std::unique_ptr<Subcommand> make_demo() { return std::make_unique<Demo>(); }
}  // namespace mailfault::cli
