// Numbers as five big-endian bytes: enough for any date and size, and their order is that of the
// bytes.

#include "values.hpp"

#include <algorithm>
#include <array>

#include "mailhold/base/error.hpp"
#include "mailhold/crypto/crypto.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t id_prefix_bytes = 8;
constexpr std::size_t stretch_bytes = 8;

std::string big_endian(std::uint64_t number)
{
    std::string bytes(number_bytes, '\0');
    for (std::size_t i = 0; i < number_bytes; ++i)
        bytes[i] = static_cast<char>(number >> (8 * (number_bytes - 1 - i)));
    return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < number_bytes; ++i)
        number = number << 8 | static_cast<unsigned char>(bytes[i]);
    return number;
}

void require_length(std::string_view value, std::size_t length)
{
    if (value.size() != length)
        throw Error(ErrorKind::damaged, "a value in the index has the wrong length");
}

}  // namespace

std::string date_value(std::int64_t date)
{
    return big_endian(static_cast<std::uint64_t>(std::clamp(date, min_date, max_date) - min_date));
}

std::string size_value(std::int64_t size_bytes)
{
    return big_endian(
        static_cast<std::uint64_t>(std::clamp<std::int64_t>(size_bytes, 0, max_size)));
}

std::string new_stretch()
{
    std::array<std::byte, stretch_bytes> bytes{};
    crypto::fill_random(bytes);
    return std::string(text_of(bytes));
}

std::string places_key(std::string_view term, std::string_view stretch)
{
    std::string key(term);
    key += '\0';  // so that no other term's keys come between those of one
    key += stretch;
    return key;
}

std::string id_prefix_value(const crypto::ContentId& id)
{
    return std::string(text_of(id.bytes().first(id_prefix_bytes)));
}

std::string id_rest_value(const crypto::ContentId& id)
{
    return std::string(text_of(id.bytes().subspan(id_prefix_bytes)));
}

std::int64_t date_of(std::string_view date_value)
{
    require_length(date_value, number_bytes);
    return static_cast<std::int64_t>(from_big_endian(date_value)) + min_date;
}

IdPrefix id_prefix_of(std::string_view id_prefix_value)
{
    require_length(id_prefix_value, id_prefix_bytes);
    return static_cast<IdPrefix>(read_le<std::uint64_t>(bytes_of(id_prefix_value), 0));
}

crypto::ContentId id_of(const std::string& id_prefix_value, const std::string& id_rest_value)
{
    const std::string whole = id_prefix_value + id_rest_value;
    require_length(whole, crypto::ContentId::size);
    return crypto::ContentId::from_bytes(bytes_of(whole));
}

std::uint64_t size_of(std::string_view size_value)
{
    require_length(size_value, number_bytes);
    return from_big_endian(size_value);
}

}  // namespace mailhold::index
