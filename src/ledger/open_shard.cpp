// One shard builder a commit.

#include "open_shard.hpp"

#include "mailhold/base/error.hpp"
#include "mailhold/base/log.hpp"

namespace mailhold::ledger {

OpenShard::OpenShard(std::optional<IndexSettings> settings) : settings_(std::move(settings)) {}

void OpenShard::give_up(const std::string& why)
{
    if (failure_.empty())
        log::warning("mail is archived without a search index: {}", why);
    failure_ = why;
    gave_up_ = true;
    builder_.reset();
}

void OpenShard::add(index::Entry entry)
{
    if (!settings_ || gave_up_)
        return;
    try {
        if (!builder_)
            builder_ = std::make_unique<index::ShardBuilder>(
                settings_->folder, settings_->languages, settings_->threads);
        builder_->add(std::move(entry));
    } catch (const std::exception& e) {
        give_up(e.what());
    }
}

std::optional<index::FinishedShard> OpenShard::finish()
{
    std::optional<index::FinishedShard> shard;
    try {
        if (builder_)
            shard = builder_->finish();
    } catch (const std::exception& e) {
        give_up(e.what());
    }
    builder_.reset();
    gave_up_ = false;
    return shard;
}

}  // namespace mailhold::ledger
