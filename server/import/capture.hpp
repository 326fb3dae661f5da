// What was said on the connections of a capture.
#pragma once

#include <string>
#include <vector>

#include "import/pcap.hpp"
#include "import/session.hpp"

namespace mailfault::recorded {

/// One connection. TLS is read with `keys`; `name` is the file's, for errors and `notes`. Throws Error where bytes
/// are missing that decide something, and where TLS came up and nothing of it can be read.
Connection connection_of(CapturedConnection captured, const tls::KeyLog& keys, const std::string& name,
                         std::vector<std::string>& notes);

/// The same of pieces that are plain text already, with what is known of TLS beside them.
Connection connection_of(const CapturedConnection& plain, const CapturedTls& tls, const std::string& name);

/// The connections of a capture that speak SMTP, or would have: refused and unanswered ones, too. What is left out is
/// added to the capture's notes. Throws Error where nothing is left.
Conversation conversation_of(Capture& capture, const tls::KeyLog& keys, const std::string& name);

}  // namespace mailfault::recorded
