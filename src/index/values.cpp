// Numbers as five big-endian bytes: enough for any date and size, and their order is that of the
// bytes.

#include "values.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"

namespace mailhold::index {

namespace {

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

std::string order_value(std::int64_t date, const crypto::ContentId& id)
{
    return date_value(date).append(text_of(id.bytes().first(8)));
}

std::string id_rest_value(const crypto::ContentId& id)
{
    return std::string(text_of(id.bytes().subspan(8)));
}

std::int64_t date_of(std::string_view order_value)
{
    require_length(order_value, order_bytes);
    return static_cast<std::int64_t>(from_big_endian(order_value)) + min_date;
}

IdPrefix id_prefix_of(std::string_view order_value)
{
    require_length(order_value, order_bytes);
    return static_cast<IdPrefix>(read_le<std::uint64_t>(bytes_of(order_value), number_bytes));
}

crypto::ContentId id_of(std::string_view order_value, std::string_view id_rest_value)
{
    require_length(order_value, order_bytes);
    require_length(id_rest_value, crypto::ContentId::size - 8);
    std::string whole(order_value.substr(number_bytes));
    return crypto::ContentId::from_bytes(bytes_of(whole.append(id_rest_value)));
}

std::uint64_t size_of(std::string_view size_value)
{
    require_length(size_value, number_bytes);
    return from_big_endian(size_value);
}

}  // namespace mailhold::index
