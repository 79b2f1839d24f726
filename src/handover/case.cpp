// Cases kept as records of the journal: sealed, with an outline in the clear.

#include "mailhold/handover/case.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/crypto/crypto.hpp"

#include "case_json.hpp"

namespace mailhold::handover {
namespace {

constexpr std::uint64_t case_version = 1;

Json checked_version(std::string_view id, std::string_view json)
{
    Json value = Json::parse(json);
    if (value.at("v").as_unsigned() != case_version)
        throw Error(ErrorKind::too_new,
                    fmt::format("case {} was written by a newer mailhold", printable(id)));
    return value;
}

const crypto::BoxPair& vault_pair(const vault::ReaderKeys& keys, std::uint64_t epoch)
{
    const auto found = std::ranges::find(keys.epochs, epoch, &vault::ReaderKeys::Epoch::n);
    if (found == keys.epochs.end())
        throw Error(ErrorKind::wrong_key,
                    fmt::format("this key does not open epoch {} of the vault", epoch));
    return found->vault_pair;
}

/// Runs `make` for each record of a case.
template <class Make>
auto for_all_records(const catalog::Catalog& catalog, Make make)
{
    std::vector<decltype(make(std::string(), std::string()))> all;
    for (const auto& record : catalog.records(std::string(case_space)))
        all.push_back(make(record.key, record.json));
    std::ranges::stable_sort(all, {}, [](const auto& one) { return one.opened; });
    return all;
}

}  // namespace

vault::Record record_of(const Case& handover_case, const vault::WriterKit& kit)
{
    const ByteBuffer sealed =
        crypto::box_seal_checked(kit.vault_key, bytes_of(sealed_json(handover_case).dump()));
    Json value = Json::object({{"v", case_version},
                               {"leaver", handover_case.leaver.hex()},
                               {"opened", format_utc(handover_case.opened)},
                               {"closed", handover_case.closed.has_value()},
                               {"runs", static_cast<std::uint64_t>(handover_case.runs.size())},
                               {"epoch", kit.epoch},
                               {"sealed", to_base64(sealed)}});
    if (!handover_case.runs.empty()) {
        value.set("seen", format_utc(handover_case.runs.back().time));
        value.set("missing", handover_case.runs.back().missing);
    }
    return {.space = std::string(case_space), .key = handover_case.id, .value = std::move(value)};
}

Case case_of(std::string_view id, std::string_view json, const vault::ReaderKeys& keys)
{
    const Json value = checked_version(id, json);
    const auto sealed = from_base64(value.at("sealed").as_string());
    if (!sealed)
        throw Error(ErrorKind::malformed, fmt::format("case {} is not sealed", printable(id)));
    const auto plain = crypto::box_open(vault_pair(keys, value.at("epoch").as_unsigned()), *sealed);
    if (!plain)
        throw Error(ErrorKind::tampered,
                    fmt::format("case {} does not open with the vault's key", printable(id)));
    Case opened = case_from_sealed_json(Json::parse(text_of(plain->view())));
    if (opened.id != id || opened.leaver.hex() != value.at("leaver").as_string())
        throw Error(ErrorKind::tampered,
                    fmt::format("case {} holds what was sealed for another", printable(id)));
    return opened;
}

CaseOutline outline_of(std::string_view id, std::string_view json)
{
    const Json value = checked_version(id, json);
    const auto leaver = crypto::AccountId::from_hex(value.at("leaver").as_string());
    if (!leaver)
        throw Error(ErrorKind::malformed, fmt::format("case {} names no account", printable(id)));
    return {.id = std::string(id),
            .leaver = *leaver,
            .opened = time_at(value, "opened"),
            .is_closed = value.at("closed").as_bool(),
            .runs = value.at("runs").as_unsigned(),
            .seen = optional_time_at(value, "seen"),
            .missing = value.find("missing") ? value.at("missing").as_unsigned() : 0};
}

std::vector<Case> cases(const catalog::Catalog& catalog, const vault::ReaderKeys& keys)
{
    return for_all_records(catalog, [&](const std::string& id, const std::string& json) {
        return case_of(id, json, keys);
    });
}

std::vector<CaseOutline> outlines(const catalog::Catalog& catalog)
{
    return for_all_records(catalog, [](const std::string& id, const std::string& json) {
        return outline_of(id, json);
    });
}

std::string new_case_id(const catalog::Catalog& catalog)
{
    constexpr std::size_t id_bytes = 3;
    const auto records = catalog.records(std::string(case_space));
    for (;;) {
        std::array<std::byte, id_bytes> random{};
        crypto::fill_random(random);
        std::string id = to_hex(random);
        if (std::ranges::find(records, id, &catalog::Catalog::RecordRow::key) == records.end())
            return id;
    }
}

ledger::Commit keep(ledger::Ledger& ledger, const Case& handover_case)
{
    ledger::Intake intake(ledger, crypto::random_id<crypto::AccountId>().hex(), {});
    intake.event(handover_case.leaver, record_of(handover_case, ledger.kit()));
    return intake.finish({.ok = true, .accounts = {}});
}

}  // namespace mailhold::handover
