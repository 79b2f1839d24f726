// This writer's own chain: the interrupted commit completed, and the store compared with what we
// know to have written.

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

#include "opening.hpp"
#include "publish.hpp"

namespace mailhold::ledger {

namespace {

constexpr const char* renew_hint =
    "give this host a new id with `mailhold writer renew`; both histories stay readable";

[[noreturn]] void throw_fork(const vault::EntryName& entry)
{
    throw Error(
        ErrorKind::tampered,
        fmt::format("FORK: the store holds {}, which this host did not write: its state was "
                    "cloned, or put back from an older copy",
                    entry.name),
        renew_hint);
}

class OwnChain {
public:
    explicit OwnChain(Core& core)
        : core_(core), entries_(own_entries(core)), head_(core.catalog->head(core.writer().writer))
    {
    }

    /// Another entry in the outbox's place came from a clone: nothing is published beside it.
    void require_place_for(const catalog::Outbox& outbox) const
    {
        for (const vault::EntryName& entry : entries_)
            if (entry.seq == outbox.seq && entry.hash != outbox.hash)
                throw_fork(entry);
    }

    void require_no_fork() const
    {
        for (std::size_t i = 1; i < entries_.size(); ++i)
            if (entries_[i].seq == entries_[i - 1].seq)
                throw_fork(ours(entries_[i]) ? entries_[i - 1] : entries_[i]);
        if (!entries_.empty() && entries_.back().seq >= head_seq() && !ours(entries_.back()))
            throw_fork(entries_.back());
    }

    void require_head() const
    {
        if (!head_)
            return;
        const bool found = std::ranges::any_of(entries_, [&](const vault::EntryName& entry) {
            return entry.seq == head_->seq && entry.hash == head_->hash;
        });
        if (!found)
            throw Error(ErrorKind::tampered,
                        fmt::format("ROLLBACK: the store has lost entry {} of this host's journal, "
                                    "and the mirror cannot put it back",
                                    head_->seq),
                        renew_hint);
    }

    /// Entries of ours that the catalog knows nothing of: it was lost, or is an old copy.
    bool is_ahead() const { return !entries_.empty() && entries_.back().seq > head_seq(); }

private:
    static std::vector<vault::EntryName> own_entries(const Core& core)
    {
        auto listing = vault::list_journal(*core.store);
        return std::move(listing.chains[core.writer().writer]);
    }

    std::uint64_t head_seq() const { return head_ ? head_->seq : 0; }

    bool ours(const vault::EntryName& entry) const
    {
        return (head_ && entry.seq == head_->seq && entry.hash == head_->hash) ||
               core_.mirror->copies().find(entry.name).has_value();
    }

    Core& core_;
    std::vector<vault::EntryName> entries_;
    std::optional<catalog::Head> head_;
};

}  // namespace

void settle_own_chain(Core& core)
{
    if (const auto outbox = core.catalog->outbox()) {
        OwnChain(core).require_place_for(*outbox);
        core.recovery.outbox_settled = settle_outbox(core);
    }
    const OwnChain chain(core);
    chain.require_no_fork();
    chain.require_head();
    core.catalog_is_behind = chain.is_ahead();
}

}  // namespace mailhold::ledger
