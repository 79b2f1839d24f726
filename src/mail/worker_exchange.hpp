#pragma once
// How questions and answers of worker processes are put into bytes: little-endian numbers, and
// texts with their lengths before them.

#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::mail {

inline void append_text(ByteBuffer& out, std::string_view text)
{
    append_le(out, static_cast<std::uint32_t>(text.size()));
    append(out, bytes_of(text));
}

/// Everything throws malformed where the bytes end.
class ExchangeCursor {
public:
    explicit ExchangeCursor(Bytes bytes) : rest_(bytes) {}

    template <class Integer>
    Integer number()
    {
        return read_le<Integer>(take(sizeof(Integer)), 0);
    }

    std::string_view text() { return text_of(take(number<std::uint32_t>())); }
    Bytes rest() const { return rest_; }

private:
    Bytes take(std::size_t bytes)
    {
        if (bytes > rest_.size())
            throw Error(ErrorKind::malformed, "a worker's message breaks off");
        const Bytes taken = rest_.first(bytes);
        rest_ = rest_.subspan(bytes);
        return taken;
    }

    Bytes rest_;
};

}  // namespace mailhold::mail
