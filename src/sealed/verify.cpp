// What can be said of a journal entry without any vault key.

#include "block.hpp"
#include "footer.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/sealed/stream.hpp"

namespace mailhold::sealed {
namespace {

[[noreturn]] void report_damage(const std::string& what)
{
    throw Error(ErrorKind::damaged, "journal entry: " + what);
}

std::size_t checked_header_bytes(Bytes file)
{
    try {
        if (decode_header(file).kind != Kind::journal)
            report_damage("another kind of stream");
        return announced_header_bytes(file);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::malformed)
            throw;
        throw Error(ErrorKind::damaged, e.what());
    }
}

/// One block after the other from the header to the directory, and the directory up to the footer.
void check_structure(Bytes file, std::uint64_t header_bytes)
{
    const std::size_t trailer = trailer_bytes(Kind::journal);
    if (file.size() < header_bytes + clen_bytes + trailer || file.size() > max_object_bytes)
        report_damage("truncated");
    const std::uint64_t end = file.size() - trailer;
    const std::uint64_t directory = directory_offset_of(file.subspan(end, footer_bytes),
                                                        Kind::journal, header_bytes, file.size());
    std::uint64_t at = header_bytes;
    while (at < directory)
        at += clen_bytes + read_le<std::uint32_t>(file, at);
    if (at != directory || directory + clen_bytes + read_le<std::uint32_t>(file, at) != end)
        report_damage("its blocks do not fill it");
}

}  // namespace

void verify_entry_signature(Bytes file, const crypto::SignPublicKey& writer)
{
    check_structure(file, checked_header_bytes(file));
    const std::size_t signed_bytes = file.size() - crypto::Signature::size;
    const auto signature = crypto::Signature::from_bytes(file.subspan(signed_bytes));
    const crypto::Hash hash = crypto::hash(file.first(signed_bytes));
    if (!crypto::signature_fits(writer, journal_context, hash.bytes(), signature))
        throw Error(ErrorKind::tampered, "journal entry: its signature does not fit");
}

}  // namespace mailhold::sealed
