// The laboratory of stored bytes: a small vault broken in every way, and what is said of it
// (docs/operations.md, The fault laboratory).
//
// Without arguments as many mutations as fit into 45 seconds, drawn at random from a fixed seed,
// the rare ones all; with MAILHOLD_FAULTS=all every one.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include <fmt/format.h>

#include "faults/trial.hpp"

namespace mailhold::faults {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds usual_time{45};
/// A catalog made anew costs more than all the rest: one in so many, but all of the rare kinds.
constexpr std::size_t usual_bare_hosts = 8;
constexpr std::size_t all_bare_hosts = 4;
constexpr std::size_t most_shown = 20;

struct Count {
    std::size_t tried = 0;
    std::size_t bare = 0;
};

bool is_rare(Change change)
{
    return change > Change::truncate_renamed;
}

std::string described(const SmallVault& vault, const Mutation& mutation)
{
    return fmt::format("{} {} at {}", kind_of(vault, mutation), mutation.object, mutation.at);
}

class Laboratory {
public:
    Laboratory(bool is_whole, std::chrono::seconds time) : is_whole_(is_whole), time_(time) {}

    /// The number of violations.
    std::size_t run()
    {
        std::vector<Mutation> mutations = all_mutations(vault_);
        const auto many = std::ranges::find_if(
            mutations, [](const Mutation& one) { return !is_rare(one.change); });
        std::shuffle(many, mutations.end(), std::mt19937_64(20'260'309));
        const Clock::time_point begun = Clock::now();
        for (const Mutation& mutation : mutations) {
            if (!is_whole_ && !is_rare(mutation.change) && Clock::now() - begun > time_)
                break;
            try_one(mutation);
        }
        print(mutations.size(), Clock::now() - begun);
        return violations_;
    }

private:
    void try_one(const Mutation& mutation)
    {
        Count& count = counts_[kind_of(vault_, mutation)];
        const bool on_bare_host = is_rare(mutation.change) ||
                                  tried_ % (is_whole_ ? all_bare_hosts : usual_bare_hosts) == 0;
        for (const std::string& violation : trials_.run(mutation, on_bare_host))
            if (++violations_ <= most_shown)
                std::cout << "VIOLATION: " << described(vault_, mutation) << ": " << violation
                          << std::endl;
        ++tried_;
        ++count.tried;
        count.bare += on_bare_host ? 1 : 0;
    }

    void print(std::size_t all, Clock::duration time) const
    {
        for (const auto& [kind, count] : counts_)
            fmt::print("{:>8} {}, {} of them on a bare host too\n", count.tried, kind, count.bare);
        fmt::print("mutations: {} of {} tried in {} s, {} violations\n", tried_, all,
                   std::chrono::duration_cast<std::chrono::seconds>(time).count(), violations_);
    }

    bool is_whole_;
    std::chrono::seconds time_;
    SmallVault vault_;
    Trials trials_{vault_};
    std::map<std::string, Count> counts_;
    std::size_t tried_ = 0;
    std::size_t violations_ = 0;
};

bool asks_for_all()
{
    const char* wanted = std::getenv("MAILHOLD_FAULTS");
    return wanted != nullptr && std::string_view(wanted) == "all";
}

}  // namespace
}  // namespace mailhold::faults

int main(int argc, char** argv)
{
    if (std::filesystem::is_directory("/dev/shm"))
        ::setenv("TMPDIR", "/dev/shm", 0);  // SQLite syncs
    const std::chrono::seconds time =
        argc > 1 ? std::chrono::seconds(std::atoi(argv[1])) : mailhold::faults::usual_time;
    const std::size_t violations =
        mailhold::faults::Laboratory(mailhold::faults::asks_for_all(), time).run();
    return violations == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
