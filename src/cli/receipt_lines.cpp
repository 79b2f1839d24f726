// Receipts told: what they say, and what that proves.

#include <fmt/format.h>

#include "handover_lines.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

std::uint64_t there_of(const handover::ReceiptPart& part)
{
    return part.verified + part.already_there;
}

void print_part(const handover::ReceiptPart& part, std::ostream& out)
{
    out << fmt::format("  {}: {} of {} there ({} uploaded then and verified, {} there before), {} "
                       "failed\n    list of messages {}\n",
                       printable(part.to), with_thousands(there_of(part)),
                       counted(part.planned, "message"), with_thousands(part.verified),
                       with_thousands(part.already_there), with_thousands(part.failed.size()),
                       part.list.hex());
}

}  // namespace

void print_receipt(const handover::CheckedReceipt& checked, bool is_in_journal, std::ostream& out)
{
    const handover::Receipt& receipt = checked.receipt;
    out << styled("This receipt is genuine.", Style::good)
        << fmt::format(" The host '{}' signed it as a writer of this vault (root {}), and not a "
                       "byte has changed since.\n",
                       printable(checked.writer_name), receipt.root_fingerprint);
    if (checked.writer_is_revoked)
        out << styled("That writer has been revoked since: ask why before you rely on it.",
                      Style::warning)
            << '\n';
    out << fmt::format("Case {}, run {}, from {} to {}, mail of {}:\n", printable(receipt.case_id),
                       receipt.run, human_time(receipt.started), human_time(receipt.ended),
                       printable(receipt.leaver));
    for (const handover::ReceiptPart& part : receipt.parts)
        print_part(part, out);
    out << fmt::format("The vault's journal {} entry {} of that writer, which recorded the run.\n",
                       is_in_journal ? "still has" : "DOES NOT HAVE", receipt.head.seq);
    out << "It proves that this host said so at that time. Whether the messages are still in the "
           "accounts, only the accounts can tell.\n";
}

Json receipt_json(const handover::CheckedReceipt& checked, bool is_in_journal)
{
    const handover::Receipt& receipt = checked.receipt;
    Json parts = Json::array();
    for (const handover::ReceiptPart& part : receipt.parts)
        parts.push_back(Json::object({{"address", part.to},
                                      {"planned", part.planned},
                                      {"uploaded", part.uploaded},
                                      {"already_there", part.already_there},
                                      {"verified", part.verified},
                                      {"failed", static_cast<std::uint64_t>(part.failed.size())},
                                      {"list", part.list.hex()}}));
    return Json::object({{"genuine", true},
                         {"case", receipt.case_id},
                         {"run", receipt.run},
                         {"leaver", receipt.leaver},
                         {"started", format_utc(receipt.started)},
                         {"ended", format_utc(receipt.ended)},
                         {"writer", receipt.writer.hex()},
                         {"writer_name", checked.writer_name},
                         {"writer_is_revoked", checked.writer_is_revoked},
                         {"in_journal", is_in_journal},
                         {"successors", std::move(parts)}});
}

}  // namespace mailhold::cli
