#pragma once
// Progress for people: a line an account on a terminal, a summary line every 30 s elsewhere.

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "mailhold/base/progress.hpp"

namespace mailhold::cli {

/// Writes to stderr. Thread-safe. On destruction the lines of a terminal are cleared, as the report
/// follows.
class ProgressDisplay final : public ProgressSink {
public:
    /// `quiet`: shows nothing.
    explicit ProgressDisplay(bool quiet);
    ~ProgressDisplay() override;
    void report(const ProgressEvent& event) override;

private:
    void draw();
    std::string line_of(const ProgressEvent& event) const;
    void print_summary();
    void clear();

    const bool quiet_;
    const bool terminal_;
    std::mutex mutex_;  ///< guards all below
    std::map<std::string, ProgressEvent> accounts_;
    std::size_t finished_ = 0;
    std::size_t lines_drawn_ = 0;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point last_drawn_;
};

}  // namespace mailhold::cli
