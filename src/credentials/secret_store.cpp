// The sealed file:
//
//     0   8  "MHSECRET"
//     8   4  version = 1, little-endian
//     12  8  start of keyed BLAKE2b(key, "mailhold-secrets-check-v1\0"): tells a foreign key from
//     damage 20 24  nonce, random at every write 44     XChaCha20-Poly1305-IETF of the table
//     (secret_table.hpp), AAD = bytes 0 to 43

#include "mailhold/credentials/secret_store.hpp"

#include <thread>

#include <fmt/format.h>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/config/config.hpp"
#include "secret_table.hpp"

namespace mailhold::credentials {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view magic = "MHSECRET";
constexpr std::uint32_t version = 1;
constexpr std::size_t check_bytes = 8;
constexpr std::size_t check_offset = 12;
constexpr std::size_t nonce_offset = check_offset + check_bytes;
constexpr std::size_t header_bytes = nonce_offset + crypto::aead_nonce_bytes;
constexpr std::uint64_t max_file_bytes = 16 * mebibyte;
constexpr std::size_t max_address_bytes = 254;
constexpr std::size_t writer_seed_bytes = 32;

[[noreturn]] void fail(ErrorKind kind, const std::filesystem::path& file, std::string_view why)
{
    throw Error(
        kind, fmt::format("{} {}", file.string(), why),
        "put the file back from a copy of this machine's state folder; or take it away and enter "
        "each password again with `mailhold account set ADDRESS --password-stdin`");
}

ByteBuffer key_check(Bytes key)
{
    const auto check = crypto::derive_key(key, bytes_of("mailhold-secrets-check-v1\0"sv));
    return copy_of(check.view().first(check_bytes));
}

std::optional<ByteBuffer> read_if_there(const std::filesystem::path& file)
{
    try {
        return read_file(file, max_file_bytes);
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::not_found)
            return std::nullopt;
        throw;
    }
}

SecretTable open_table(const std::filesystem::path& file, Bytes key)
{
    const auto sealed = read_if_there(file);
    if (!sealed)
        return {};
    const Bytes all(*sealed);
    if (all.size() < header_bytes || text_of(all.first(magic.size())) != magic)
        fail(ErrorKind::damaged, file, "is damaged: it does not begin as a secret store");
    if (read_le<std::uint32_t>(all, magic.size()) != version)
        throw Error(ErrorKind::too_new, fmt::format("{} has a newer format", file.string()));
    if (!equal(all.subspan(check_offset, check_bytes), key_check(key)))
        fail(ErrorKind::wrong_key, file, "was sealed by another writer");
    const auto plain =
        crypto::aead_open_secret(key, all.subspan(nonce_offset, crypto::aead_nonce_bytes),
                                 all.first(header_bytes), all.subspan(header_bytes));
    if (!plain)
        fail(ErrorKind::damaged, file, "is damaged: its seal does not fit");
    return decode_table(plain->view());
}

void write_table(const std::filesystem::path& file, Bytes key, const SecretTable& table)
{
    ByteBuffer out = copy_of(bytes_of(magic));
    append_le(out, version);
    append(out, key_check(key));
    ByteBuffer nonce(crypto::aead_nonce_bytes);
    crypto::fill_random(nonce);
    append(out, nonce);
    const ByteBuffer header = out;
    const auto plain = encode_table(table);
    crypto::aead_seal_append(out, key, nonce, header, plain.view());
    if (out.size() > max_file_bytes)
        throw Error(ErrorKind::usage, "too many secrets for one store",
                    "use password_command for accounts with large secrets");
    replace_file(file, out);
}

/// Two `account add` at once must not undo each other's.
FileLock lock_for_writing(const std::filesystem::path& file)
{
    auto lock_file = file;
    lock_file += ".lock";
    create_private_folders(file.parent_path());
    const Deadline deadline(std::chrono::seconds(10));
    while (true) {
        if (auto lock = FileLock::try_take(lock_file))
            return std::move(*lock);
        if (deadline.passed())
            throw Error(ErrorKind::locked,
                        fmt::format("{} is being written by another mailhold", file.string()));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

}  // namespace

crypto::SecretBytes store_key(const crypto::SignPair& writer)
{
    return crypto::derive_key(writer.secret.view().first(writer_seed_bytes),
                              bytes_of("mailhold-secrets-v1\0"sv));
}

SecretStore::SecretStore(std::filesystem::path file, crypto::SecretBytes key)
    : file_(std::move(file)), key_(std::move(key))
{
}

std::optional<crypto::SecretBytes> SecretStore::get(std::string_view address) const
{
    SecretTable table = open_table(file_, key_.view());
    const auto found = table.find(config::lower_case_address(address));
    if (found == table.end())
        return std::nullopt;
    return std::move(found->second);
}

void SecretStore::set(std::string_view address, Bytes secret)
{
    if (secret.empty() || secret.size() > max_secret_bytes || address.empty() ||
        address.size() > max_address_bytes)
        throw Error(ErrorKind::usage,
                    "this secret cannot be stored: it or its address is empty or too long",
                    "a secret has 1 to 65536 bytes");
    const FileLock lock = lock_for_writing(file_);
    SecretTable table = open_table(file_, key_.view());
    table.insert_or_assign(config::lower_case_address(address), crypto::SecretBytes(secret));
    write_table(file_, key_.view(), table);
}

bool SecretStore::remove(std::string_view address)
{
    const FileLock lock = lock_for_writing(file_);
    SecretTable table = open_table(file_, key_.view());
    if (table.erase(config::lower_case_address(address)) == 0)
        return false;
    write_table(file_, key_.view(), table);
    return true;
}

void SecretStore::reseal(Bytes new_key)
{
    const FileLock lock = lock_for_writing(file_);
    const SecretTable table = open_table(file_, key_.view());
    if (!table.empty())
        write_table(file_, new_key, table);
    key_ = crypto::SecretBytes(new_key);
}

std::vector<std::string> SecretStore::addresses() const
{
    std::vector<std::string> addresses;
    for (const auto& [address, secret] : open_table(file_, key_.view()))
        addresses.push_back(address);
    return addresses;
}

}  // namespace mailhold::credentials
