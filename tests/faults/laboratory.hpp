#pragma once
// Counts the calls that change the watched folders and lets one of them fail, as told in the
// environment:
//
//   MAILHOLD_FAULTS_UNDER   the folders to watch, apart by colons; without it nothing is done
//   MAILHOLD_FAULTS_LOG     file for one line a call: number, name, path; with a fault to do, only
//                           for the call that it befell
//   MAILHOLD_FAULTS_DO      kill, torn (half a write, then kill), power (cut), power-names (cut,
//   but
//                           unsynced names came through), short (half a write, the next one finds
//                           the disk full), ENOSPC, EDQUOT, EIO, EROFS
//   MAILHOLD_FAULTS_AT      the call's number from 1: the fault befalls the first call from there
//   on
//                           that it fits; `end`: when the program has ended by itself (power)
//   MAILHOLD_FAULTS_STICKY  1: from then on every call that the fault fits
//   MAILHOLD_FAULTS_PLANT   a mistake that the laboratory must find: late-journal (entries get
//   their
//                           names when the program ends), in-place (files are written under their
//                           final names)
//   MAILHOLD_FAULTS_SLOW    milliseconds that each write and fsync takes longer

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "durable.hpp"

namespace mailhold::faults {

enum class Kind { create, write, sync, close, name, remove, allocate };

/// One call of the program's. `from` for rename, `fd` for sync, `bytes` for write.
struct Call {
    const char* name;
    Kind kind;
    std::filesystem::path path;
    std::filesystem::path from = {};
    int fd = -1;
    std::size_t bytes = 0;
};

/// What the kernel does; takes how many bytes to write.
using Real = std::function<long(std::size_t bytes)>;

class Laboratory {
public:
    /// The one of this process; nullptr when nothing is watched, or inside its own work.
    static Laboratory* here();

    bool watches(const std::filesystem::path& path) const;
    bool writes_in_place() const { return plant_ == "in-place"; }

    /// Counts `call`, and does it or what befalls it. Returns what the caller gets, errno set.
    long run(const Call& call, const Real& real);

    /// The program has ended by itself.
    void end();

private:
    Laboratory();

    void note(const Call& call) const;
    bool fits(const Call& call) const;
    long befall(const Call& call, const Real& real);
    static long fail(int error);
    long done(const Call& call, const Real& real);
    bool is_put_off(const Call& call);
    void cut_power();

    friend struct Start;

    std::mutex mutex_;
    std::vector<std::filesystem::path> folders_;
    std::string fault_;
    std::string plant_;
    std::uint64_t at_ = 0;  // 0: never
    bool at_end_ = false;
    bool is_sticky_ = false;
    bool has_fired_ = false;
    bool next_write_finds_no_space_ = false;
    unsigned slow_milliseconds_ = 0;
    int log_ = -1;
    std::uint64_t number_ = 0;
    std::unique_ptr<Durable> durable_;
    std::vector<std::pair<std::string, std::string>> late_;  // from, to
};

}  // namespace mailhold::faults
