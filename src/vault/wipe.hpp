#pragma once
// Text and buffers that held secrets for a moment.

#include <string.h>

namespace mailhold::vault {

/// Wipes the elements of a string or buffer when it goes out of scope; must be declared after it.
template <class Buffer>
class WipedAtEnd {
public:
    explicit WipedAtEnd(Buffer& buffer) : buffer_(buffer) {}
    WipedAtEnd(const WipedAtEnd&) = delete;
    WipedAtEnd& operator=(const WipedAtEnd&) = delete;
    ~WipedAtEnd()
    {
        if (!buffer_.empty())
            ::explicit_bzero(buffer_.data(), buffer_.size());
    }

private:
    Buffer& buffer_;
};

}  // namespace mailhold::vault
