// winmail.dat, with checksums that fit: whoever means harm can add up, too.

#include "document.hpp"

namespace mailhold::fuzz {
namespace {

/// Behind signature and key: level, name, length, data, checksum of each attribute (MS-OXTNEF).
ByteBuffer with_checksums(Bytes input)
{
    constexpr std::size_t first_attribute = 6;
    constexpr std::size_t length_at = 5;
    constexpr std::size_t data_at = 9;
    ByteBuffer file = copy_of(input);
    for (std::size_t at = first_attribute; at + data_at + 2 <= file.size();) {
        const std::size_t length = read_le<std::uint32_t>(file, at + length_at);
        const std::size_t end = at + data_at + length;
        if (end + 2 > file.size())
            break;
        unsigned sum = 0;
        for (std::size_t i = at + data_at; i < end; ++i)
            sum += std::to_integer<unsigned>(file[i]);
        file[end] = static_cast<std::byte>(sum);
        file[end + 1] = static_cast<std::byte>(sum >> 8);
        at = end + 2;
    }
    return file;
}

}  // namespace

void try_one(Bytes input)
{
    try_document(mail::read_tnef, with_checksums(input));
}

}  // namespace mailhold::fuzz
