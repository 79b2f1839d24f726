// Cases and receipts: what is read is written and read again as the same; what nobody signed is
// tampering.

#include "mailhold/handover/receipt.hpp"

#include "case_json.hpp"
#include "receipt_json.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

constexpr std::string_view receipt_context{"mailhold-receipt-v1\0", 20};

void try_case(std::string_view text)
{
    const auto known = accepted([&] { return handover::case_from_sealed_json(Json::parse(text)); });
    if (known)
        require(handover::case_from_sealed_json(handover::sealed_json(*known)) == *known,
                "a case reads as it was written");
    accepted([&] { return handover::outline_of("abcdef", text); });
    accepted([&] { return handover::case_of("abcdef", text, {}); });
}

void try_receipt_json(std::string_view text)
{
    const auto receipt = accepted([&] { return handover::receipt_from_json(Json::parse(text)); });
    if (!receipt)
        return;
    const Json json = handover::receipt_json(*receipt);
    require(handover::receipt_json(handover::receipt_from_json(json)) == json,
            "a receipt reads as it was written");
}

/// The kind of what check_receipt() throws; nullopt when it believes the receipt.
std::optional<ErrorKind> refusal(std::string_view text, const vault::RootLog& log)
{
    try {
        handover::check_receipt(text, log);
        return std::nullopt;
    } catch (const Error& e) {
        return e.kind();
    }
}

void try_signed_receipt(std::string_view line)
{
    static const crypto::SignPair writer = crypto::new_sign_pair();
    static const vault::RootLog log = [] {
        vault::RootLog made;
        vault::WriterInfo info;
        info.key = writer.public_key;
        made.writers.emplace(info.id, info);
        return made;
    }();
    require(refusal(line, log) == ErrorKind::tampered, "what nobody signed is tampering");
    const auto signature = crypto::sign(writer, receipt_context, bytes_of(line));
    const auto kind = refusal(std::string(line) + '\n' + to_base64(signature.bytes()) + '\n', log);
    require(!kind || kind == ErrorKind::tampered || kind == ErrorKind::too_new,
            "a signed line is a receipt of this vault, too new, or tampering");
}

}  // namespace

void try_one(Bytes input)
{
    const std::string_view text = text_of(input);
    try_case(text);
    try_receipt_json(text);
    try_signed_receipt(text);
}

}  // namespace mailhold::fuzz
