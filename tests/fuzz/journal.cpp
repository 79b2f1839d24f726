// Journal lines, and entries whose structure is of the input's choice and whose signature fits.

#include "mailhold/vault/journal.hpp"

#include "event_json.hpp"
#include "footer.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

std::string printed(const std::pair<vault::EntryInfo, std::vector<vault::Event>>& entry)
{
    std::string lines;
    vault::append_entry_line(lines, entry.first);
    for (const vault::Event& event : entry.second)
        vault::append_line(lines, event);
    return lines;
}

void try_lines(std::string_view lines)
{
    const auto entry = accepted([&] { return vault::parse_lines(lines); });
    if (!entry)
        return;
    const std::string once = printed(*entry);
    require(printed(vault::parse_lines(once)) == once, "lines read as they were written");
}

struct Signer {
    crypto::SignPair pair = crypto::new_sign_pair();
    vault::ReaderKeys keys;
    vault::RootLog log;

    Signer()
    {
        vault::WriterInfo writer;
        writer.id = crypto::random_id<crypto::WriterId>();
        writer.key = pair.public_key;
        log.vault = crypto::random_id<crypto::VaultId>();
        log.writers.emplace(writer.id, writer);
    }
};

/// The input as a file of our writer: with our vault and writer in its header, and signed.
void try_entry(const Signer& signer, ByteBuffer file)
{
    constexpr std::size_t vault_at = 16;
    constexpr std::size_t writer_at = 48;
    if (file.size() < sealed::min_header_bytes + crypto::Signature::size)
        return;
    std::ranges::copy(signer.log.vault.bytes(), file.begin() + vault_at);
    std::ranges::copy(signer.log.writers.begin()->first.bytes(), file.begin() + writer_at);
    const std::size_t signed_bytes = file.size() - crypto::Signature::size;
    const crypto::Hash hash = crypto::hash(Bytes(file).first(signed_bytes));
    const auto signature = crypto::sign(signer.pair, sealed::journal_context, hash.bytes());
    std::ranges::copy(signature.bytes(), file.begin() + static_cast<std::ptrdiff_t>(signed_bytes));
    require(!accepted([&] { return vault::open_entry(file, signer.keys, signer.log); }),
            "nothing opens without a key");
}

}  // namespace

void try_one(Bytes input)
{
    static const Signer signer;
    if (text_of(input).starts_with("MAILHOLD"))
        try_entry(signer, copy_of(input));
    else
        try_lines(text_of(input));
}

}  // namespace mailhold::fuzz
