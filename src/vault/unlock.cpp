// From a passphrase or a recovery key to an unlocked reader's keys.

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/vault/owner.hpp"
#include "ring.hpp"
#include "slot.hpp"

namespace mailhold::vault {

namespace {

/// Tries one way to unlock on every slot of its kind.
class Attempt {
public:
    Attempt(const objects::Store& store, const RootLog& log) : store_(store), log_(log) {}

    ReaderKeys unlock(SlotKind kind, const KeyOf& key_of)
    {
        if (log_.slots.size() > max_slots)
            throw Error(ErrorKind::damaged, "the vault has more than 32 slots");
        for (const auto& [id, info] : log_.slots) {
            const auto slot = read(info);
            if (!slot || slot->kind != kind)
                continue;
            tried_ += 1;
            if (const auto pair = open_slot(*slot, key_of(*slot).view(), info, log_.root))
                return open_rings(log_, id, *pair);
        }
        throw_nothing_opened(kind);
    }

private:
    /// One broken slot must not keep the others from opening.
    std::optional<SlotFile> read(const SlotInfo& info)
    {
        try {
            return read_slot(store_, log_, info);
        } catch (const Error& e) {
            unreadable_ += 1;
            if (!failure_)
                failure_ = e;
            return std::nullopt;
        }
    }

    [[noreturn]] void throw_nothing_opened(SlotKind kind) const
    {
        if (tried_ == 0 && failure_)
            throw Error(*failure_);
        const std::string unread =
            unreadable_ == 0 ? "" : fmt::format(" ({} of them cannot be read)", unreadable_);
        if (tried_ == 0)
            throw Error(ErrorKind::wrong_key,
                        fmt::format("the vault has no {} slot{}", kind_text(kind), unread));
        throw Error(ErrorKind::wrong_key,
                    fmt::format("the {} opens none of the vault's slots{}",
                                kind == SlotKind::passphrase ? "passphrase" : "recovery key",
                                unread));
    }

    const objects::Store& store_;
    const RootLog& log_;
    std::optional<Error> failure_;
    std::size_t unreadable_ = 0;
    std::size_t tried_ = 0;
};

bool looks_like_recovery_key(Bytes text)
{
    try {
        parse_recovery_key(text_of(without_line_end(text)));
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

ReaderKeys unlock_with_passphrase(const objects::Store& store, const RootLog& log, Bytes passphrase)
{
    return Attempt(store, log).unlock(SlotKind::passphrase, [&](const SlotFile& slot) {
        return slot_key_from_passphrase(slot, passphrase);
    });
}

ReaderKeys unlock_with_recovery_key(const objects::Store& store, const RootLog& log,
                                    std::string_view printed)
{
    const crypto::SecretBytes recovery_key =
        parse_recovery_key(text_of(without_line_end(bytes_of(printed))));
    return Attempt(store, log).unlock(SlotKind::recovery, [&](const SlotFile& slot) {
        return slot_key_from_recovery(slot, recovery_key.view());
    });
}

ReaderKeys unlock(const objects::Store& store, const RootLog& log, Bytes passphrase_or_recovery_key)
{
    if (looks_like_recovery_key(passphrase_or_recovery_key))
        return unlock_with_recovery_key(store, log, text_of(passphrase_or_recovery_key));
    return unlock_with_passphrase(store, log, passphrase_or_recovery_key);
}

}  // namespace mailhold::vault
