// Root log events to and from JSON.

#include "root_events.hpp"

#include <fmt/format.h>

#include "event_json.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "names.hpp"

namespace mailhold::vault {

namespace {

constexpr std::uint64_t format_version = 1;
constexpr std::uint64_t max_seq = 9'999'999'999;  // ten digits of an entry's name

template <class Id>
Json sealed_json(const std::map<Id, ByteBuffer>& sealed)
{
    Json json = Json(Json::Object{});
    for (const auto& [id, bytes] : sealed)
        json.set(id.hex(), to_base64(bytes));
    return json;
}

template <class Id>
std::map<Id, ByteBuffer> sealed_of(const Json& json)
{
    std::map<Id, ByteBuffer> sealed;
    for (const auto& [key, value] : json.as_object())
        sealed.emplace(id_of<Id>(Json(key)), base64_of(value));
    return sealed;
}

std::string_view role_text(WriterRole role)
{
    return role == WriterRole::keeper ? "keeper" : "append";
}

WriterRole role_of(const std::string& text)
{
    if (text == "append")
        return WriterRole::append;
    if (text == "keeper")
        return WriterRole::keeper;
    throw Error(ErrorKind::too_new,
                fmt::format("the root log has a writer of role '{}'", printable(text)));
}

Error contradiction(std::string what)
{
    return Error(ErrorKind::tampered, "the root log contradicts itself: " + std::move(what));
}

void apply_vault(RootLog& log, const Json& event)
{
    if (event.at("v").as_unsigned() != format_version)
        throw Error(ErrorKind::too_new,
                    fmt::format("the vault has format version {}", event.at("v").as_unsigned()));
    if (log.seq != 1)
        throw contradiction("a second vault");
    // The entry's signature was checked against this key (root_entry.hpp).
    log.root = id_of<crypto::SignPublicKey>(event.at("pk"));
    log.vault = vault_id_of(log.root);
    if (id_of<crypto::VaultId>(event.at("vault")) != log.vault)
        throw contradiction("the vault's id does not belong to its key");
}

void apply_epoch(RootLog& log, const Json& event)
{
    EpochInfo epoch{.n = number_of(event.at("n"), 1, max_seq),
                    .vault_key = id_of<crypto::BoxPublicKey>(event.at("pk")),
                    .rings = sealed_of<crypto::SlotId>(event.at("rings")),
                    .key_ps = sealed_of<crypto::WriterId>(event.at("p"))};
    if (epoch.n != log.epochs.size() + 1)
        throw contradiction(fmt::format("epoch {} after {}", epoch.n, log.epochs.size()));
    log.epochs.push_back(std::move(epoch));
}

void apply_writer(RootLog& log, const Json& event)
{
    WriterInfo writer{.id = {},
                      .key = id_of<crypto::SignPublicKey>(event.at("pk")),
                      .name = event.at("name").as_string(),
                      .role = role_of(event.at("role").as_string()),
                      .revoked_after_seq = {},
                      .revoked_after_hash = {}};
    writer.id = writer_id_of(writer.key);
    if (!log.writers.emplace(writer.id, writer).second)
        throw contradiction("a writer is added twice");
}

void apply_revoke(RootLog& log, const Json& event)
{
    const auto writer = log.writers.find(id_of<crypto::WriterId>(event.at("writer")));
    if (writer == log.writers.end())
        throw contradiction("an unknown writer is revoked");
    writer->second.revoked_after_seq = number_of(event.at("seq"), 0, max_seq);
    writer->second.revoked_after_hash = id_of<crypto::Hash>(event.at("hash"));
}

void apply_slot(RootLog& log, const Json& event)
{
    const SlotInfo slot{.id = id_of<crypto::SlotId>(event.at("id")),
                        .key = id_of<crypto::BoxPublicKey>(event.at("pk")),
                        .object = id_of<crypto::Hash>(event.at("hash"))};
    if (!log.slots.emplace(slot.id, slot).second)
        throw contradiction("a slot is added twice");
    const Json* rings = event.find("rings");
    if (rings == nullptr)
        return;
    for (const auto& [epoch, ring] : rings->as_object()) {
        const auto known = std::ranges::find(
            log.epochs, epoch, [](const EpochInfo& info) { return fmt::format("{}", info.n); });
        if (known == log.epochs.end())
            throw contradiction("a slot opens an unknown epoch");
        known->rings.insert_or_assign(slot.id, base64_of(ring));
    }
}

void apply_unslot(RootLog& log, const Json& event)
{
    if (log.slots.erase(id_of<crypto::SlotId>(event.at("id"))) == 0)
        throw contradiction("an unknown slot is removed");
}

struct KnownEvent {
    std::string_view name;
    void (*apply)(RootLog&, const Json&);
};

constexpr KnownEvent known_events[] = {
    {"vault", apply_vault},   {"epoch", apply_epoch}, {"writer", apply_writer},
    {"revoke", apply_revoke}, {"slot", apply_slot},   {"unslot", apply_unslot},
};

}  // namespace

Json vault_event(const crypto::SignPublicKey& root)
{
    return Json::object({{"e", "vault"},
                         {"v", format_version},
                         {"vault", vault_id_of(root).hex()},
                         {"pk", root.hex()}});
}

Json epoch_event(const EpochInfo& epoch)
{
    return Json::object({{"e", "epoch"},
                         {"n", epoch.n},
                         {"pk", epoch.vault_key.hex()},
                         {"rings", sealed_json(epoch.rings)},
                         {"p", sealed_json(epoch.key_ps)}});
}

Json writer_event(const crypto::SignPublicKey& key, std::string_view name, WriterRole role)
{
    return Json::object(
        {{"e", "writer"}, {"pk", key.hex()}, {"name", printable(name)}, {"role", role_text(role)}});
}

Json revoke_event(const crypto::WriterId& writer, std::uint64_t seq, const crypto::Hash& hash)
{
    return Json::object(
        {{"e", "revoke"}, {"writer", writer.hex()}, {"seq", seq}, {"hash", hash.hex()}});
}

Json slot_event(const SlotInfo& slot, const SealedByEpoch& rings)
{
    Json by_epoch = Json(Json::Object{});
    for (const auto& [epoch, ring] : rings)
        by_epoch.set(fmt::format("{}", epoch), to_base64(ring));
    return Json::object({{"e", "slot"},
                         {"id", slot.id.hex()},
                         {"pk", slot.key.hex()},
                         {"hash", slot.object.hex()},
                         {"rings", std::move(by_epoch)}});
}

Json unslot_event(const crypto::SlotId& slot)
{
    return Json::object({{"e", "unslot"}, {"id", slot.hex()}});
}

void apply_root_event(RootLog& log, const Json& event)
{
    const std::string& name = event.at("e").as_string();
    for (const KnownEvent& known : known_events) {
        if (known.name == name)
            return known.apply(log, event);
    }
    const Json* optional = event.find("optional");
    if (optional == nullptr || !optional->as_bool())
        throw Error(
            ErrorKind::too_new,
            fmt::format("the root log has an event '{}' that we do not know", printable(name)));
}

}  // namespace mailhold::vault
