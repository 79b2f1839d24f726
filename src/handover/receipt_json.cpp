// Receipts to JSON and back.

#include "receipt_json.hpp"

#include "mailhold/base/error.hpp"

#include "case_json.hpp"

namespace mailhold::handover {
namespace {

constexpr std::uint64_t receipt_version = 1;

template <class Fixed>
Fixed fixed_at(const Json& object, std::string_view key)
{
    const auto value = Fixed::from_hex(object.at(key).as_string());
    if (!value)
        throw Error(ErrorKind::malformed, "a receipt has a hash or id that is none");
    return *value;
}

Json part_json(const ReceiptPart& part)
{
    Json failed = Json::array();
    for (const crypto::ContentId& id : part.failed)
        failed.push_back(id.hex());
    return Json::object({{"to", part.to},
                         {"planned", part.planned},
                         {"uploaded", part.uploaded},
                         {"already_there", part.already_there},
                         {"verified", part.verified},
                         {"bytes", part.bytes},
                         {"failed", std::move(failed)},
                         {"list", part.list.hex()}});
}

ReceiptPart part_of(const Json& json)
{
    ReceiptPart part{.to = json.at("to").as_string(),
                     .planned = json.at("planned").as_unsigned(),
                     .uploaded = json.at("uploaded").as_unsigned(),
                     .already_there = json.at("already_there").as_unsigned(),
                     .verified = json.at("verified").as_unsigned(),
                     .bytes = json.at("bytes").as_unsigned(),
                     .list = fixed_at<crypto::Hash>(json, "list")};
    for (const Json& id : json.at("failed").as_array()) {
        const auto failed = crypto::ContentId::from_hex(id.as_string());
        if (!failed)
            throw Error(ErrorKind::malformed, "a receipt names a message that is none");
        part.failed.push_back(*failed);
    }
    return part;
}

}  // namespace

Json receipt_json(const Receipt& receipt)
{
    Json parts = Json::array();
    for (const ReceiptPart& part : receipt.parts)
        parts.push_back(part_json(part));
    return Json::object(
        {{"mailhold", "handover receipt"},
         {"v", receipt_version},
         {"vault", receipt.vault.hex()},
         {"root", receipt.root_fingerprint},
         {"writer", receipt.writer.hex()},
         {"head", Json::object({{"seq", receipt.head.seq}, {"hash", receipt.head.hash.hex()}})},
         {"case", receipt.case_id},
         {"run", receipt.run},
         {"leaver", receipt.leaver},
         {"opened", format_utc(receipt.opened)},
         {"begins", format_utc(receipt.begins)},
         {"started", format_utc(receipt.started)},
         {"ended", format_utc(receipt.ended)},
         {"successors", std::move(parts)}});
}

Receipt receipt_from_json(const Json& json)
{
    if (json.at("v").as_unsigned() != receipt_version)
        throw Error(ErrorKind::too_new, "this receipt was written by a newer mailhold");
    const Json& head = json.at("head");
    Receipt receipt{
        .vault = fixed_at<crypto::VaultId>(json, "vault"),
        .root_fingerprint = json.at("root").as_string(),
        .writer = fixed_at<crypto::WriterId>(json, "writer"),
        .head = {.seq = head.at("seq").as_unsigned(), .hash = fixed_at<crypto::Hash>(head, "hash")},
        .case_id = json.at("case").as_string(),
        .run = json.at("run").as_unsigned(),
        .leaver = json.at("leaver").as_string(),
        .opened = time_at(json, "opened"),
        .begins = time_at(json, "begins"),
        .started = time_at(json, "started"),
        .ended = time_at(json, "ended")};
    for (const Json& part : json.at("successors").as_array())
        receipt.parts.push_back(part_of(part));
    return receipt;
}

}  // namespace mailhold::handover
