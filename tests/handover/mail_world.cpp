// Letters of a small company in an index.

#include "mail_world.hpp"

namespace mailhold::test {
namespace {

std::vector<index::ShardSource> shards_of(const std::vector<Letter>& letters)
{
    std::vector<index::Entry> entries;
    for (const Letter& letter : letters) {
        const std::size_t number = entries.size() + 1;
        index::Entry entry;
        entry.id.value.fill(std::byte{0x77});
        entry.id.value[0] = static_cast<std::byte>(number);
        entry.size_bytes = 1'000;
        entry.message.from = {letter.from};
        entry.message.to = letter.to;
        entry.message.subject = letter.subject;
        entry.message.message_id = std::to_string(number);
        entry.message.references = letter.answers;
        entry.message.date =
            InternalDate{static_cast<std::int64_t>(today) - letter.days_ago * 24LL * 3600, 0};
        entry.message.text = "filler";
        for (const std::string& file : letter.files)
            entry.message.attachments.push_back({file, "application/pdf", ""});
        entries.push_back(std::move(entry));
    }
    std::vector<index::ShardSource> shards;
    shards.push_back(source_of(built(entries)));
    return shards;
}

}  // namespace

MailWorld::MailWorld(const std::vector<Letter>& letters) : index_(shards_of(letters), english) {}

std::vector<index::Hit> MailWorld::cards() const
{
    return index_.find(everything(), {.limit = 1'000}).hits;
}

handover::Dossier MailWorld::dossier(std::vector<handover::Successor> successors) const
{
    return handover::dossier_of({.leaver = "alice@company.example",
                                 .leaver_name = "Alice Chen",
                                 .successors = std::move(successors),
                                 .case_id = "1a2b3c",
                                 .made = today,
                                 .notes = {}},
                                cards(), company(), index_);
}

handover::Dossier MailWorld::dossier_of(std::vector<index::Hit> cards) const
{
    return handover::dossier_of({.leaver = "alice@company.example",
                                 .leaver_name = "Alice Chen",
                                 .successors = {{"bob@company.example", {}}},
                                 .case_id = "1a2b3c",
                                 .made = today,
                                 .notes = {}},
                                std::move(cards), company(), index_);
}

search::Company company()
{
    return search::Company({"alice@company.example", "ben@company.example"});
}

int number_of(const crypto::ContentId& id)
{
    return std::to_integer<int>(id.value[0]);
}

}  // namespace mailhold::test
