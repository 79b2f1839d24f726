// Secrets as bytes. No growing buffer: it would leave copies in memory that nobody wipes.

#include "secret_table.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"
#include "mailhold/credentials/secret_store.hpp"

namespace mailhold::credentials {

namespace {

class Cursor {
public:
    explicit Cursor(std::span<std::byte> out) : out_(out) {}

    void put(Bytes bytes)
    {
        std::copy(bytes.begin(), bytes.end(), out_.begin());
        out_ = out_.subspan(bytes.size());
    }

    template <class Integer>
    void put_length(std::size_t length)
    {
        ByteBuffer bytes;
        append_le(bytes, static_cast<Integer>(length));
        put(bytes);
    }

private:
    std::span<std::byte> out_;
};

class Source {
public:
    explicit Source(Bytes bytes) : bytes_(bytes) {}

    Bytes take(std::size_t size)
    {
        if (size > bytes_.size())
            throw damaged();
        const Bytes taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return taken;
    }

    template <class Integer>
    std::size_t take_length()
    {
        return read_le<Integer>(take(sizeof(Integer)), 0);
    }

    bool at_end() const { return bytes_.empty(); }

    static Error damaged()
    {
        return {ErrorKind::damaged, "the secret store's content is not what mailhold writes"};
    }

private:
    Bytes bytes_;
};

}  // namespace

crypto::SecretBytes encode_table(const SecretTable& table)
{
    std::size_t size = sizeof(std::uint32_t);
    for (const auto& [address, secret] : table)
        size += sizeof(std::uint16_t) + address.size() + sizeof(std::uint32_t) + secret.size();

    crypto::SecretBytes plain(size);
    Cursor cursor(plain.writable());
    cursor.put_length<std::uint32_t>(table.size());
    for (const auto& [address, secret] : table) {
        cursor.put_length<std::uint16_t>(address.size());
        cursor.put(bytes_of(address));
        cursor.put_length<std::uint32_t>(secret.size());
        cursor.put(secret.view());
    }
    return plain;
}

SecretTable decode_table(Bytes plain)
{
    SecretTable table;
    Source source(plain);
    const std::size_t count = source.take_length<std::uint32_t>();
    for (std::size_t i = 0; i < count; ++i) {
        std::string address(text_of(source.take(source.take_length<std::uint16_t>())));
        const Bytes secret = source.take(source.take_length<std::uint32_t>());
        if (secret.empty() || secret.size() > max_secret_bytes)
            throw Source::damaged();
        if (!table.emplace(std::move(address), crypto::SecretBytes(secret)).second)
            throw Source::damaged();
    }
    if (!source.at_end())
        throw Source::damaged();
    return table;
}

}  // namespace mailhold::credentials
