// The root log: events of the input's choice, one a line, signed rightly one behind the other; and
// the input as an entry.

#include "mailhold/vault/root_log.hpp"

#include "root_entry.hpp"
#include "root_events.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

/// Each signing costs; the grammar of events does not need many.
constexpr int max_events = 12;

void require_sound(const vault::RootLog& log)
{
    require(log.seq == log.entries.size(), "entries count without gaps");
    for (std::size_t i = 0; i < log.epochs.size(); ++i)
        require(log.epochs[i].n == i + 1, "epochs count without gaps");
    vault::RootLog again;
    for (const ByteBuffer& entry : log.entries)
        vault::apply_root_entry(again, entry);
    require(again.head == log.head && again.slots.size() == log.slots.size() &&
                again.writers.size() == log.writers.size(),
            "a log reads twice the same");
}

void try_events(const crypto::SignPair& root, Pieces lines)
{
    vault::RootLog log;
    vault::apply_root_entry(
        log, vault::make_root_entry(root, 1, {}, vault::vault_event(root.public_key)).bytes);
    for (int i = 0; i < max_events && !lines.empty(); ++i) {
        const std::string_view line = lines.until('\n');
        vault::RootLog next = log;
        const auto applied = accepted([&] {
            const Json event = Json::parse(line);
            const vault::RootEntry entry =
                vault::make_root_entry(root, log.seq + 1, log.head, event);
            vault::apply_root_entry(next, entry.bytes);
            return true;
        });
        if (applied)
            log = std::move(next);
    }
    require_sound(log);
}

}  // namespace

void try_one(Bytes input)
{
    static const crypto::SignPair root = crypto::new_sign_pair();
    vault::RootLog empty;
    accepted([&] {
        vault::apply_root_entry(empty, input);
        return true;
    });
    try_events(root, Pieces(input));
}

}  // namespace mailhold::fuzz
