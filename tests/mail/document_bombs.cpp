// Deflate by hand, with the fixed codes (RFC 1951, 3.2.6); zip as in its APPNOTE.

#include "mail/document_bombs.hpp"

#include <algorithm>

namespace mailhold::test {

namespace {

class BitWriter {
public:
    /// The lowest bit first.
    void number(unsigned value, int bits)
    {
        for (int i = 0; i < bits; ++i)
            bit((value >> i & 1U) != 0);
    }
    /// A Huffman code: the highest bit first.
    void code(unsigned value, int bits)
    {
        for (int i = bits - 1; i >= 0; --i)
            bit((value >> i & 1U) != 0);
    }
    void literal(char c) { code(0x30U + static_cast<unsigned char>(c), 8); }  // up to 143
    /// The byte before, 258 times more: code 285, and distance code 0.
    void match()
    {
        code(0xc5, 8);
        code(0, 5);
    }
    std::string& bytes() { return bytes_; }
    bool is_aligned() const { return used_ == 0; }

private:
    void bit(bool one)
    {
        if (used_ == 0)
            bytes_ += '\0';
        if (one)
            bytes_.back() = static_cast<char>(bytes_.back() | 1 << used_);
        used_ = (used_ + 1) % 8;
    }

    std::string bytes_;
    int used_ = 0;
};

template <class Integer>
void put(std::string& out, Integer value)
{
    ByteBuffer bytes;
    append_le(bytes, value);
    out += text_of(bytes);
}

std::uint32_t size32(const std::string& bytes)
{
    return static_cast<std::uint32_t>(bytes.size());
}

/// What local and central header share, from the version on.
std::string shared_header(const DeflatedMember& member)
{
    std::string out;
    put(out, std::uint16_t{20});
    put(out, std::uint16_t{0});
    put(out, std::uint16_t{8});  // deflated
    put(out, std::uint32_t{0x58210000});
    put(out, std::uint32_t{0});  // a checksum that nobody comes to check
    put(out, size32(member.deflated));
    put(out, member.plain_bytes);
    put(out, static_cast<std::uint16_t>(member.name.size()));
    put(out, std::uint16_t{0});
    return out;
}

}  // namespace

std::string deflated_run(std::string_view prefix, char character, std::uint64_t times)
{
    BitWriter writer;
    writer.number(1, 1);  // the last block
    writer.number(1, 2);  // of fixed codes
    for (const char c : prefix)
        writer.literal(c);
    writer.literal(character);
    constexpr std::size_t unit_bytes = 13;  // eight matches
    while (!writer.is_aligned())            // 13 bits turn through every alignment
        writer.match();
    const std::size_t start = writer.bytes().size();
    for (int i = 0; i < 8; ++i)
        writer.match();
    const std::string unit = writer.bytes().substr(start, unit_bytes);
    for (std::uint64_t plain = 0; plain < times; plain += 8 * 258)
        writer.bytes() += unit;
    writer.code(0, 7);  // end of block
    return writer.bytes();
}

std::string zip_of_deflated(const std::vector<DeflatedMember>& members)
{
    std::string out;
    std::string directory;
    for (const DeflatedMember& member : members) {
        const std::string header = shared_header(member);
        directory += std::string("PK\1\2") + std::string("\x14\0", 2) + header;
        put(directory, std::uint16_t{0});
        put(directory, std::uint16_t{0});
        put(directory, std::uint16_t{0});
        put(directory, std::uint32_t{0});
        put(directory, size32(out));
        directory += member.name;
        out += "PK\3\4" + header + member.name + member.deflated;
    }
    const std::uint32_t start = size32(out);
    out += directory + "PK\5\6" + std::string(4, '\0');
    put(out, static_cast<std::uint16_t>(members.size()));
    put(out, static_cast<std::uint16_t>(members.size()));
    put(out, size32(directory));
    put(out, start);
    put(out, std::uint16_t{0});
    return out;
}

std::string gzip_of_deflated(std::string_view deflated)
{
    return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + std::string(deflated) +
           std::string(8, '\0');
}

}  // namespace mailhold::test
