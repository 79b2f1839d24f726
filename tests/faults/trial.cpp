// What must hold of every mutated vault.

#include "faults/trial.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "mailhold/upkeep/check.hpp"
#include "vault/memory_store.hpp"

namespace mailhold::faults {
namespace {

using upkeep::CheckReport;

/// One host's look at one mutated store.
class Look {
public:
    Look(const SmallVault& vault, Objects objects, const std::filesystem::path& state)
        : vault_(vault), state_(state)
    {
        store_.objects = std::move(objects);
    }

    /// With the local catalog as it is.
    void as_known_host(const std::set<int>& expected_with_key)
    {
        open([&](ledger::Ledger& ledger) {
            const CheckReport keyless = upkeep::check(ledger, {});
            const CheckReport report = check_with_key(ledger);
            const std::set<crypto::ContentId> lost = read_all(ledger);
            expect(keyless, lost, false);
            expect(report, lost, true);
            exit_ = report.exit_code();
        });
        require(expected_with_key.contains(*exit_),
                fmt::format("check answers {}, expected {}", *exit_,
                            fmt::join(expected_with_key, " or ")));
    }

    /// With a catalog made of nothing but the store.
    void as_bare_host(bool must_notice, bool is_shorter)
    {
        open([&](ledger::Ledger& ledger) {
            ledger.rebuild_catalog(vault_.keys(), {});
            const CheckReport report = check_with_key(ledger);
            const std::set<crypto::ContentId> lost = read_all(ledger);
            expect(report, lost, true);
            exit_ = report.exit_code();
            const std::size_t found = look_at_placements(ledger);
            require(*exit_ != 0 || is_shorter || found >= vault_.placements_made(),
                    "check says clean, yet placements are not there");
        });
        require(*exit_ != 0 || !must_notice, "a bare host notices nothing");
    }

    std::vector<std::string> violations;

private:
    void require(bool holds, std::string otherwise)
    {
        if (!holds)
            violations.push_back(std::move(otherwise));
    }

    /// A vault that cannot be opened is told by what opening says.
    template <class Work>
    void open(Work work)
    {
        const Objects before = store_.objects;
        try {
            // Not one change is allowed to the store.
            ledger::Ledger ledger(std::make_unique<test::DyingStore>(store_, 0), state_,
                                  ledger::Ledger::Mode::read);
            work(ledger);
        } catch (const Error& e) {
            exit_ = upkeep::unopenable(e).exit_code();
            require(is_an_answer(e.kind()),
                    fmt::format("opening fails with {}: {}", static_cast<int>(e.kind()), e.what()));
        } catch (const std::exception& e) {
            exit_ = 1;
            require(false, fmt::format("a foreign exception: {}", e.what()));
        }
        require(store_.objects == before, "looking changed the store");
    }

    static bool is_an_answer(ErrorKind kind)
    {
        return kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
               kind == ErrorKind::too_new || kind == ErrorKind::not_found;
    }

    CheckReport check_with_key(ledger::Ledger& ledger)
    {
        return upkeep::check(ledger,
                             {.keys = &vault_.keys(), .read_data_percent = 100, .progress = {}});
    }

    /// Reads every message that the catalog knows; gives those that cannot be had.
    std::set<crypto::ContentId> read_all(ledger::Ledger& ledger)
    {
        std::set<crypto::ContentId> lost;
        ledger::Library library(ledger.store(), vault_.keys(), ledger.catalog());
        for (const auto& [id, raw] : vault_.messages()) {
            if (!ledger.catalog().message(id))
                continue;
            try {
                require(text_of(library.message(id)) == raw, "a wrong message was returned");
            } catch (const Error& e) {
                require(is_an_answer(e.kind()), fmt::format("reading fails with {}: {}",
                                                            static_cast<int>(e.kind()), e.what()));
                lost.insert(id);
            }
        }
        return lost;
    }

    /// Lost messages are named. With a key, only they are.
    void expect(const CheckReport& report, const std::set<crypto::ContentId>& lost, bool exactly)
    {
        std::set<crypto::ContentId> named;
        for (const upkeep::Finding& finding : report.findings) {
            named.insert(finding.messages.begin(), finding.messages.end());
            require(finding.severity == upkeep::Severity::harmless || !finding.next.empty(),
                    "a finding without a next step");
        }
        require(std::ranges::includes(named, lost), "a lost message is not named");
        require(!exactly || named == lost, "a message that can be read is called lost");
        require(lost.empty() || report.exit_code() != 0, "check says clean, yet mail is lost");
    }

    /// How many there are; each must be one that was made.
    std::size_t look_at_placements(const ledger::Ledger& ledger)
    {
        std::size_t found = 0;
        for (const catalog::AccountRow& account : ledger.catalog().accounts())
            for (const catalog::FolderRow& folder : ledger.catalog().folders(account.id))
                for (const catalog::PlacementRow& row : ledger.catalog().placements(folder.key)) {
                    ++found;
                    require(vault_.placements().contains(
                                {folder.key.writer, folder.key.fid, row.uid, row.id}),
                            "a placement that nobody made");
                }
        return found;
    }

    const SmallVault& vault_;
    std::filesystem::path state_;
    test::MemoryStore store_;
    std::optional<int> exit_;
};

}  // namespace

Trials::Trials(const SmallVault& vault) : vault_(vault), host_state_(vault.host_state()) {}

std::vector<std::string> Trials::run(const Mutation& mutation, bool on_bare_host)
{
    // What the root key has signed is remembered: not for the next trial.
    const bool is_story = mutation.change == Change::story;
    const std::filesystem::path known = is_story ? vault_.host_state() : host_state_;
    const std::set<int> expected = expected_exits(vault_, mutation);
    Look look(vault_, mutated(vault_, mutation), known);
    look.as_known_host(expected);
    std::vector<std::string> violations = std::move(look.violations);
    if (on_bare_host) {
        const std::filesystem::path bare = vault_.bare_state();
        const bool is_shorter = is_only_shorter(vault_, mutation);
        Look from_nothing(vault_, mutated(vault_, mutation), bare);
        from_nothing.as_bare_host(!is_shorter && !expected.contains(0), is_shorter);
        for (const std::string& violation : from_nothing.violations)
            violations.push_back("bare host: " + violation);
        std::filesystem::remove_all(bare);
    }
    if (is_story)
        std::filesystem::remove_all(known);
    return violations;
}

}  // namespace mailhold::faults
