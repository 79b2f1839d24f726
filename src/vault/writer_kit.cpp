// The writer kit's file in the state folder (docs/format.md, State folder).

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>

#include "event_json.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/vault/keys.hpp"
#include "names.hpp"
#include "wipe.hpp"

namespace mailhold::vault {

namespace {

constexpr std::uint64_t kit_version = 1;
constexpr std::uint64_t kit_limit_bytes = 64 * kibibyte;
constexpr std::size_t signing_bytes = 64;
constexpr std::size_t key_bytes = 32;

Json public_part(const WriterKit& kit)
{
    return Json::object({{"v", kit_version},
                         {"vault", kit.vault.hex()},
                         {"root", kit.root.hex()},
                         {"writer", kit.writer.hex()},
                         {"epoch", kit.epoch},
                         {"vault_key", kit.vault_key.hex()}});
}

std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
        throw Error(ErrorKind::damaged, "it ends too early");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

crypto::SecretBytes secret_part(Bytes& rest, std::size_t length)
{
    crypto::SecretBytes secret(rest.first(length));
    rest = rest.subspan(length);
    return secret;
}

void parse_secret_part(WriterKit& kit, std::string_view line)
{
    auto secrets = from_base64(line);
    if (!secrets || secrets->size() != signing_bytes + 2 * key_bytes)
        throw Error(ErrorKind::damaged, "its keys are broken");
    const WipedAtEnd wipe(*secrets);
    Bytes rest = *secrets;
    kit.signing = crypto::sign_pair_from_secret(secret_part(rest, signing_bytes));
    kit.key_i = secret_part(rest, key_bytes);
    kit.key_p = secret_part(rest, key_bytes);
}

void parse_public_part(WriterKit& kit, std::string_view line)
{
    const Json json = Json::parse(line);
    if (json.at("v").as_unsigned() != kit_version)
        throw Error(ErrorKind::too_new, "it was written by a newer mailhold");
    kit.vault = id_of<crypto::VaultId>(json.at("vault"));
    kit.root = id_of<crypto::SignPublicKey>(json.at("root"));
    kit.writer = id_of<crypto::WriterId>(json.at("writer"));
    kit.epoch = json.at("epoch").as_unsigned();
    kit.vault_key = id_of<crypto::BoxPublicKey>(json.at("vault_key"));
}

WriterKit parse_kit(std::string_view text)
{
    const std::string_view whole = text;
    const auto public_line = take_line(text);
    const auto secret_line = take_line(text);
    const auto hashed = whole.substr(0, whole.size() - text.size());
    // A flipped bit in I or P would go unseen otherwise, and spoil every archive to come.
    if (take_line(text) != crypto::hash(bytes_of(hashed)).hex() || !text.empty())
        throw Error(ErrorKind::damaged, "its bytes do not fit its checksum");
    WriterKit kit;
    parse_public_part(kit, public_line);
    parse_secret_part(kit, secret_line);
    if (writer_id_of(kit.signing.public_key) != kit.writer || vault_id_of(kit.root) != kit.vault)
        throw Error(ErrorKind::damaged, "its ids do not belong to its keys");
    return kit;
}

/// Size of a file that nobody but its owner can read. Throws usage when others can.
std::uint64_t private_size(const std::filesystem::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        throw_errno("cannot examine", path);
    if ((status.st_mode & 077) != 0)
        throw Error(
            ErrorKind::usage, fmt::format("others can read the writer's keys in {}", path.string()),
            fmt::format("run `chmod 600 {}`, and consider `mailhold writer renew`", path.string()));
    return std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size), kit_limit_bytes);
}

}  // namespace

sealed::SealingKeys WriterKit::sealing() const
{
    return {.vault = vault, .writer = writer, .vault_key = vault_key, .key_p = &key_p};
}

void save_writer_kit(const std::filesystem::path& path, const WriterKit& kit)
{
    ByteBuffer secrets;
    secrets.reserve(signing_bytes + 2 * key_bytes);  // growing would leave copies behind
    const WipedAtEnd wipe_secrets(secrets);
    append(secrets, kit.signing.secret.view());
    append(secrets, kit.key_i.view());
    append(secrets, kit.key_p.view());

    std::string text;
    text.reserve(kit_limit_bytes);
    const WipedAtEnd wipe_text(text);
    std::string encoded = to_base64(secrets);
    const WipedAtEnd wipe_encoded(encoded);
    text += public_part(kit).dump();
    text += '\n';
    text += encoded;
    text += '\n';
    text += crypto::hash(bytes_of(text)).hex();
    text += '\n';
    replace_file(path, bytes_of(text));
}

WriterKit load_writer_kit(const std::filesystem::path& path)
{
    const std::uint64_t size = private_size(path);
    ByteBuffer file = read_range(open_for_reading(path), 0, size, path);  // no copy left behind
    const WipedAtEnd wipe(file);
    try {
        return parse_kit(text_of(file));
    } catch (Error& e) {
        e.add_context(fmt::format("the writer's keys in {}", path.string()));
        if (e.kind() == ErrorKind::malformed)
            throw Error(ErrorKind::damaged, e.what(), e.hint());
        throw;
    }
}

sealed::OpeningKeys ReaderKeys::opening(const sealed::Header& header) const
{
    for (const Epoch& epoch : epochs) {
        if (sealed::recipient_of(epoch.vault_pair.public_key) == header.recipient)
            return {.vault_pair = &epoch.vault_pair, .key_p = &epoch.key_p};
    }
    throw Error(ErrorKind::wrong_key, "sealed to a key of the vault that we do not have");
}

}  // namespace mailhold::vault
