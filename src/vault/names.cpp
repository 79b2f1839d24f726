// Names and ids that are functions of hashes and keys.

#include "names.hpp"

#include <charconv>

#include <fmt/format.h>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/vault/archive.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::vault {

namespace {

constexpr std::size_t seq_digits = 10;

using namespace std::string_view_literals;

template <class Id>
Id id_from_key(std::string_view context, const crypto::SignPublicKey& key)
{
    ByteBuffer hashed = copy_of(bytes_of(context));
    append(hashed, key.bytes());
    return Id::from_bytes(crypto::hash(hashed).bytes().first(Id::size));
}

}  // namespace

std::string numbered(std::uint64_t seq, const crypto::Hash& hash)
{
    return fmt::format("{:0{}}-{}", seq, seq_digits, hash.hex());
}

std::optional<Numbered> parse_numbered(std::string_view text)
{
    if (text.size() != seq_digits + 1 + 2 * crypto::Hash::size || text[seq_digits] != '-')
        return std::nullopt;
    Numbered result;
    const char* const end = text.data() + seq_digits;
    const auto [stop, error] = std::from_chars(text.data(), end, result.seq);
    const auto hash = crypto::Hash::from_hex(text.substr(seq_digits + 1));
    if (error != std::errc{} || stop != end || result.seq == 0 || !hash)
        return std::nullopt;
    result.hash = *hash;
    return result;
}

std::string root_name(std::uint64_t seq, const crypto::Hash& hash)
{
    return fmt::format("{}{}", root_folder, numbered(seq, hash));
}

std::string slot_name(const crypto::Hash& hash)
{
    return fmt::format("{}{}", slot_folder, hash.hex());
}

std::string journal_name(const crypto::WriterId& writer, std::uint64_t seq,
                         const crypto::Hash& hash)
{
    return fmt::format("{}{}/{}", journal_folder, writer.hex(), numbered(seq, hash));
}

std::string archive_name(const crypto::Hash& object)
{
    const std::string hex = object.hex();
    return fmt::format("{}{}/{}", archive_folder, std::string_view(hex).substr(0, 2), hex);
}

crypto::VaultId vault_id_of(const crypto::SignPublicKey& root)
{
    return id_from_key<crypto::VaultId>("mailhold-vault-v1\0"sv, root);
}

crypto::WriterId writer_id_of(const crypto::SignPublicKey& writer)
{
    return id_from_key<crypto::WriterId>("mailhold-writer-v1\0"sv, writer);
}

}  // namespace mailhold::vault
