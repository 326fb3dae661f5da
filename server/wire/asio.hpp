// The pieces of Asio that this room uses: the only place that includes it, with executors of one known type.
#pragma once

#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

namespace mailfault::wire {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
/// Sockets too: a descriptor does all that a pump needs, of either family, in one instantiation.
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Signals = asio::basic_signal_set<Executor>;

}  // namespace mailfault::wire
