// The header of a sealed stream (docs/format.md, Sealed stream).

#include "mailhold/sealed/header.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"

namespace mailhold::sealed {
namespace {

// Offsets and values of docs/format.md, Sealed stream.
constexpr std::string_view magic = "MAILHOLD";
constexpr std::uint8_t major_version = 1;
constexpr std::size_t announcement_bytes = 16;
constexpr std::size_t object_row_bytes = 48;
constexpr std::size_t head_row_bytes = 56;

[[noreturn]] void refuse(const std::string& why)
{
    throw Error(ErrorKind::malformed, "sealed stream header: " + why);
}

bool is_kind(std::uint8_t value)
{
    return value == static_cast<std::uint8_t>(Kind::archive) ||
           value == static_cast<std::uint8_t>(Kind::shard) ||
           value == static_cast<std::uint8_t>(Kind::journal);
}

/// Takes fields one after the other, never past the end.
class Fields {
public:
    explicit Fields(Bytes bytes) : left_(bytes) {}

    Bytes take(std::size_t size)
    {
        if (left_.size() < size)
            refuse("rows longer than the header");
        const Bytes taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }

    template <class Integer>
    Integer number()
    {
        return read_le<Integer>(take(sizeof(Integer)), 0);
    }

    template <class Value>
    Value fixed()
    {
        return Value::from_bytes(take(Value::size));
    }

    std::uint32_t row_count()
    {
        const auto count = number<std::uint32_t>();
        if (count > max_rows)
            refuse("too many rows");
        return count;
    }

    bool at_end() const { return left_.empty(); }

private:
    Bytes left_;
};

ObjectRow read_object_row(Fields& fields)
{
    ObjectRow row;
    const auto op = fields.number<std::uint8_t>();
    const auto kind = fields.number<std::uint8_t>();
    const Bytes reserved = fields.take(6);
    if (op != static_cast<std::uint8_t>(ObjectRow::Op::adds) &&
        op != static_cast<std::uint8_t>(ObjectRow::Op::retires))
        refuse("unknown operation on an object");
    if (!is_kind(kind))
        refuse("unknown kind of object");
    if (std::any_of(reserved.begin(), reserved.end(),
                    [](std::byte b) { return b != std::byte{0}; }))
        refuse("reserved bytes are not zero");
    row.op = static_cast<ObjectRow::Op>(op);
    row.kind = static_cast<Kind>(kind);
    row.length = fields.number<std::uint64_t>();
    row.object = fields.fixed<crypto::Hash>();
    return row;
}

ChainHead read_chain_head(Fields& fields)
{
    ChainHead head;
    head.writer = fields.fixed<crypto::WriterId>();
    head.seq = fields.number<std::uint64_t>();
    head.hash = fields.fixed<crypto::Hash>();
    return head;
}

void read_rows(Fields& fields, Header& header)
{
    const std::uint32_t objects = fields.row_count();
    for (std::uint32_t i = 0; i < objects; ++i)
        header.objects.push_back(read_object_row(fields));
    const std::uint32_t heads = fields.row_count();
    for (std::uint32_t i = 0; i < heads; ++i)
        header.heads.push_back(read_chain_head(fields));
}

void append_rows(ByteBuffer& out, const Header& header)
{
    append_le(out, static_cast<std::uint32_t>(header.objects.size()));
    for (const ObjectRow& row : header.objects) {
        append_le(out, static_cast<std::uint8_t>(row.op));
        append_le(out, static_cast<std::uint8_t>(row.kind));
        out.resize(out.size() + 6);
        append_le(out, row.length);
        append(out, row.object.bytes());
    }
    append_le(out, static_cast<std::uint32_t>(header.heads.size()));
    for (const ChainHead& head : header.heads) {
        append(out, head.writer.bytes());
        append_le(out, head.seq);
        append(out, head.hash.bytes());
    }
}

/// What a header of its kind may say; nullptr when all is well.
const char* fault_of(const Header& header)
{
    if (header.kind != Kind::journal) {
        if (header.seq != 0 || header.previous != crypto::Hash{})
            return "only a journal entry has a place in a chain";
        if (!header.objects.empty() || !header.heads.empty())
            return "only a journal entry has rows";
        return nullptr;
    }
    if (header.seq == 0)
        return "a journal entry's number is 0";
    if (header.seq == 1 && header.previous != crypto::Hash{})
        return "the first journal entry names one before it";
    if (header.objects.size() > max_rows || header.heads.size() > max_rows)
        return "too many rows";
    return nullptr;
}

std::size_t encoded_bytes(const Header& header)
{
    if (header.kind != Kind::journal)
        return min_header_bytes;
    return min_header_bytes + 2 * sizeof(std::uint32_t) + header.objects.size() * object_row_bytes +
           header.heads.size() * head_row_bytes;
}

}  // namespace

ByteBuffer encode(const Header& header)
{
    if (const char* fault = fault_of(header))
        throw Error(ErrorKind::bug, std::string("sealed stream header: ") + fault);
    const std::size_t size = encoded_bytes(header);
    ByteBuffer out;
    out.reserve(size);
    append(out, bytes_of(magic));
    append_le(out, major_version);
    append_le(out, static_cast<std::uint8_t>(header.kind));
    append_le(out, std::uint16_t{0});
    append_le(out, static_cast<std::uint32_t>(size));
    append(out, header.vault.bytes());
    append(out, header.uid.bytes());
    append(out, header.writer.bytes());
    append_le(out, header.seq);
    append(out, header.previous.bytes());
    append(out, header.recipient);
    append(out, header.sealed_key);
    if (header.kind == Kind::journal)
        append_rows(out, header);
    return out;
}

std::size_t announced_header_bytes(Bytes first_16)
{
    if (first_16.size() < announcement_bytes)
        refuse("truncated");
    if (!equal(first_16.first(magic.size()), bytes_of(magic)))
        refuse("does not begin with MAILHOLD");
    const auto version = read_le<std::uint8_t>(first_16, 8);
    if (version == 0)
        refuse("version 0");
    if (version > major_version)
        throw Error(ErrorKind::too_new, "sealed stream of version " + std::to_string(version));
    if (read_le<std::uint16_t>(first_16, 10) != 0)
        throw Error(ErrorKind::too_new, "sealed stream with features of a newer version");
    if (!is_kind(read_le<std::uint8_t>(first_16, 9)))
        refuse("unknown kind of stream");
    const auto size = read_le<std::uint32_t>(first_16, 12);
    if (size < min_header_bytes || size > max_header_bytes)
        refuse("impossible length");
    return size;
}

Header decode_header(Bytes bytes)
{
    const std::size_t size = announced_header_bytes(bytes);
    if (bytes.size() < size)
        refuse("truncated");
    Fields fields(bytes.first(size));
    Header header;
    fields.take(9);
    header.kind = static_cast<Kind>(fields.number<std::uint8_t>());
    fields.take(6);
    header.vault = fields.fixed<crypto::VaultId>();
    header.uid = fields.fixed<crypto::StreamUid>();
    header.writer = fields.fixed<crypto::WriterId>();
    header.seq = fields.number<std::uint64_t>();
    header.previous = fields.fixed<crypto::Hash>();
    std::ranges::copy(fields.take(header.recipient.size()), header.recipient.begin());
    std::ranges::copy(fields.take(header.sealed_key.size()), header.sealed_key.begin());
    if (header.kind == Kind::journal)
        read_rows(fields, header);
    if (!fields.at_end())
        refuse("bytes behind its last field");
    if (const char* fault = fault_of(header))
        refuse(fault);
    return header;
}

}  // namespace mailhold::sealed
