// Compound files: .doc, .xls, .ppt and .msg. The input is the content of their streams, or the file
// itself.

#include <array>
#include <vector>

#include "compound_file.hpp"
#include "mail/compound_samples.hpp"

#include "document.hpp"

namespace mailhold::fuzz {
namespace {

using Names = std::array<const char*, 4>;

/// The streams that readers look for, of each kind.
constexpr std::array<Names, 4> streams_of{{
    {"WordDocument", "1Table", "0Table", "Data"},
    {"Workbook", "Book", "SummaryInformation", "Other"},
    {"PowerPoint Document", "Current User", "Pictures", "Other"},
    {"__properties_version1.0", "__substg1.0_1000001F", "__substg1.0_37001E",
     "__attach_version1.0_#00000000/__substg1.0_37010102"},
}};

void try_file(Bytes content)
{
    if (const auto file = mail::CompoundFile::open(content))
        for (const mail::CompoundFile::Entry& entry : file->entries()) {
            require(entry.parent < file->entries().size(), "an entry lies in another one");
            require(entry.is_storage || file->read(entry, 8'192).size() <= 8'192,
                    "a stream is not over the limit");
        }
    try_document(mail::read_ole, content);
}

}  // namespace

/// The first byte says which kind; each stream follows behind two bytes of length.
void try_one(Bytes input)
{
    Pieces pieces(input);
    const unsigned kind = pieces.byte() % (streams_of.size() + 1);
    if (kind == streams_of.size())
        return try_file(pieces.rest());
    std::vector<std::pair<std::string, std::string>> streams;
    for (const char* name : streams_of[kind]) {
        const std::size_t length = pieces.byte() + 256 * pieces.byte();
        streams.emplace_back(name, text_of(pieces.take(length)));
    }
    const std::string file = test::compound_file(streams);
    try_file(bytes_of(file));
}

}  // namespace mailhold::fuzz
