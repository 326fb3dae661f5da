#include "scenario/wire_settings.hpp"

#include <vector>

#include "base/text.hpp"
#include "scenario/value.hpp"

namespace mailfault {

std::string words(const WireSettings& settings) {
  std::vector<std::string> parts;
  if (settings.latency != Micros{}) parts.push_back("latency " + format_duration(settings.latency));
  if (settings.jitter != Micros{}) parts.push_back("jitter " + format_duration(settings.jitter));
  if (settings.bandwidth > 0) parts.push_back(written(settings.bandwidth) + " bytes/s");
  if (settings.read_bandwidth > 0) parts.push_back("reads " + written(settings.read_bandwidth) + " bytes/s");
  if (settings.mtu > 0)
    parts.push_back("drops segments of the client's above " + std::to_string(settings.mtu) + " bytes");
  if (settings.loss > 0) parts.push_back("loses " + written(settings.loss * 100) + " % of the client's segments");
  return join(parts, ", ");
}

}  // namespace mailfault
