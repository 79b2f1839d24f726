// Slot objects: two lines, JSON and the sealed secret.

#include <fmt/format.h>

#include "event_json.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/vault/owner.hpp"
#include "names.hpp"
#include "slot.hpp"

namespace mailhold::vault {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view slot_context = "mailhold-slot-v1\0"sv;
constexpr std::uint64_t slot_version = 1;
constexpr std::uint64_t slot_limit_bytes = 64 * kibibyte;
constexpr std::uint64_t max_passes = 16;
constexpr std::uint64_t max_memory_bytes = 1 * gibibyte;
constexpr std::size_t key_bytes = 32;

SlotKind kind_of(const std::string& text)
{
    for (const SlotKind kind : {SlotKind::passphrase, SlotKind::recovery}) {
        if (kind_text(kind) == text)
            return kind;
    }
    throw Error(ErrorKind::too_new, fmt::format("a slot of kind '{}'", printable(text)));
}

ByteBuffer exactly(ByteBuffer bytes, std::size_t length)
{
    if (bytes.size() != length)
        throw Error(ErrorKind::malformed, "a slot's value has the wrong length");
    return bytes;
}

ByteBuffer associated(std::string_view line)
{
    ByteBuffer bytes = copy_of(bytes_of(slot_context));
    append(bytes, bytes_of(line));
    return bytes;
}

ByteBuffer random_bytes(std::size_t length)
{
    ByteBuffer bytes(length);
    crypto::fill_random(bytes);
    return bytes;
}

std::string first_line(const SlotFile& slot)
{
    Json json = Json::object({{"v", slot_version},
                              {"vault", slot.vault.hex()},
                              {"slot", slot.id.hex()},
                              {"kind", kind_text(slot.kind)}});
    if (slot.kind == SlotKind::passphrase) {
        json.set("opslimit", slot.cost.passes);
        json.set("memlimit", slot.cost.memory_bytes);
        json.set("salt", to_base64(slot.salt));
    }
    json.set("nonce", to_base64(slot.nonce));
    return json.dump();
}

void parse_cost(SlotFile& slot, const Json& json)
{
    slot.cost.passes = number_of(json.at("opslimit"), 1, max_passes);
    slot.cost.memory_bytes = number_of(json.at("memlimit"), 1, max_memory_bytes);
    slot.salt = exactly(base64_of(json.at("salt")), crypto::kdf_salt_bytes);
}

/// Seals a new pair's secret with the key that `key_of` makes for the slot.
template <class KeyOf>
NewSlot make_slot(SlotKind kind, const crypto::SignPublicKey& root, KeyOf key_of)
{
    const crypto::BoxPair pair = crypto::new_box_pair();
    SlotFile slot{.kind = kind,
                  .vault = vault_id_of(root),
                  .id = crypto::random_id<crypto::SlotId>(),
                  .cost = default_kdf_cost(),
                  .salt = random_bytes(crypto::kdf_salt_bytes),
                  .nonce = random_bytes(crypto::aead_nonce_bytes),
                  .line = {},
                  .sealed = {}};
    slot.line = first_line(slot);
    const crypto::SecretBytes key = key_of(slot);
    crypto::SecretBytes content(key_bytes + crypto::SignPublicKey::size);
    std::ranges::copy(pair.secret.view(), content.writable().begin());
    std::ranges::copy(root.bytes(), content.writable().begin() + key_bytes);
    slot.sealed = crypto::aead_seal(key.view(), slot.nonce, associated(slot.line), content.view());

    NewSlot made;
    append(made.file, bytes_of(fmt::format("{}\n{}\n", slot.line, to_base64(slot.sealed))));
    made.info = {slot.id, pair.public_key, crypto::hash(made.file)};
    return made;
}

}  // namespace

std::string_view kind_text(SlotKind kind)
{
    return kind == SlotKind::passphrase ? "passphrase" : "recovery";
}

SlotFile parse_slot(Bytes file)
{
    const std::string_view text = text_of(file);
    const auto end = text.find('\n');
    if (end == std::string_view::npos || text.find('\n', end + 1) != text.size() - 1)
        throw Error(ErrorKind::malformed, "a slot is not two lines");
    SlotFile slot;
    slot.line = text.substr(0, end);
    const Json json = Json::parse(slot.line);
    if (json.at("v").as_unsigned() != slot_version)
        throw Error(ErrorKind::too_new, "a slot was written by a newer mailhold");
    slot.kind = kind_of(json.at("kind").as_string());
    slot.vault = id_of<crypto::VaultId>(json.at("vault"));
    slot.id = id_of<crypto::SlotId>(json.at("slot"));
    slot.nonce = exactly(base64_of(json.at("nonce")), crypto::aead_nonce_bytes);
    if (slot.kind == SlotKind::passphrase)
        parse_cost(slot, json);
    slot.sealed = exactly(base64_of(Json(text.substr(end + 1, text.size() - end - 2))),
                          key_bytes + crypto::SignPublicKey::size + crypto::aead_tag_bytes);
    return slot;
}

SlotFile read_slot(const objects::Store& store, const RootLog& log, const SlotInfo& info)
{
    const ByteBuffer file = store.get(slot_name(info.object), slot_limit_bytes);
    if (crypto::hash(file) != info.object)
        throw Error(ErrorKind::damaged, "a slot's bytes do not hash to its name");
    try {
        SlotFile slot = parse_slot(file);
        if (slot.id != info.id || slot.vault != log.vault)
            throw Error(ErrorKind::tampered, "a slot belongs to another vault or place");
        return slot;
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::malformed)
            throw Error(ErrorKind::damaged, e.what(), e.hint());
        throw;
    }
}

crypto::SecretBytes slot_key_from_passphrase(const SlotFile& slot, Bytes passphrase)
{
    return crypto::key_from_passphrase(without_line_end(passphrase), slot.salt, slot.cost);
}

crypto::SecretBytes slot_key_from_recovery(const SlotFile& slot, Bytes recovery_key)
{
    ByteBuffer context = copy_of(bytes_of(slot_context));
    append(context, slot.id.bytes());
    return crypto::derive_key(recovery_key, context);
}

std::optional<crypto::BoxPair> open_slot(const SlotFile& slot, Bytes key, const SlotInfo& info,
                                         const crypto::SignPublicKey& root)
{
    const auto content =
        crypto::aead_open_secret(key, slot.nonce, associated(slot.line), slot.sealed);
    if (!content)
        return std::nullopt;
    crypto::BoxPair pair =
        crypto::box_pair_from_secret(crypto::SecretBytes(content->view().first(key_bytes)));
    if (pair.public_key != info.key)
        throw Error(ErrorKind::tampered, "a slot's key is not the one that the root log names");
    if (!equal(content->view().subspan(key_bytes), root.bytes()))
        throw Error(ErrorKind::tampered, "the root log is not signed by the slot's root key",
                    "someone replaced the vault's root log: stop and look");
    return pair;
}

NewSlot make_passphrase_slot(const crypto::SignPublicKey& root, Bytes passphrase)
{
    if (without_line_end(passphrase).empty())
        throw Error(ErrorKind::usage, "the passphrase is empty");
    return make_slot(SlotKind::passphrase, root, [&](const SlotFile& slot) {
        return slot_key_from_passphrase(slot, passphrase);
    });
}

NewSlot make_recovery_slot(const crypto::SignPublicKey& root, Bytes recovery_key)
{
    return make_slot(SlotKind::recovery, root, [&](const SlotFile& slot) {
        return slot_key_from_recovery(slot, recovery_key);
    });
}

}  // namespace mailhold::vault
