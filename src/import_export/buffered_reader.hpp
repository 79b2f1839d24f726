#pragma once
// Bytes of one file in their order, read ahead: by lines, or as a whole.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"

namespace mailhold::import_export {

/// Where bytes come from: a file on disk, or one in an archive.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Fills from the content; fewer bytes than asked for come only at its end. Throws malformed
    /// when it cannot be read to its end.
    virtual std::size_t read(std::span<std::byte> into) = 0;
};

/// Not for sharing by threads.
class BufferedReader {
public:
    /// `source` is borrowed, and asked for `chunk_bytes` at a time.
    explicit BufferedReader(ByteSource& source, std::size_t chunk_bytes = 128 * kibibyte)
        : source_(source), chunk_bytes_(chunk_bytes)
    {
    }

    /// Of the next byte, from the file's beginning.
    std::uint64_t offset() const noexcept { return offset_; }

    /// The next bytes, at most `count`, fewer only at the end; valid until the next call.
    std::string_view peek(std::size_t count);

    /// The next line with its end, without taking it. A line longer than 64 KiB comes in pieces;
    /// empty at the end of the file.
    std::string_view peek_line();

    /// Takes what was peeked at, or a part of it.
    void take(std::size_t count);

    /// All that is left; nullopt when that is more than `limit_bytes`.
    std::optional<ByteBuffer> rest(std::uint64_t limit_bytes);

private:
    std::string_view held() const noexcept
    {
        return std::string_view(buffer_).substr(begin_, end_ - begin_);
    }
    /// False at the end of the source.
    bool fill();

    ByteSource& source_;
    std::size_t chunk_bytes_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool is_ended_ = false;
    std::uint64_t offset_ = 0;
};

}  // namespace mailhold::import_export
