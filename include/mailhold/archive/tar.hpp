#pragma once
// pax tar entries in and out of an archive's plain stream (docs/format.md, Archive content),
// through libarchive.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mailhold/base/bytes.hpp"

namespace mailhold::archive {

/// libarchive reads no pax record over a million bytes back.
inline constexpr std::size_t max_tar_meta_bytes = 900'000;

struct TarEntry {
    std::string path;
    std::int64_t mtime = 0;  ///< seconds since the epoch
    std::string meta;        ///< xattr "mailhold.meta"; empty: none; at most max_tar_meta_bytes
};

/// Serialises single entries (header, content, padding) without an end-of-archive mark, so that
/// entries made by several threads can be put one behind another in any order. Reusable; not for
/// sharing by threads.
class TarEntryWriter {
public:
    using Sink = std::function<void(Bytes)>;

    TarEntryWriter();
    TarEntryWriter(TarEntryWriter&&) noexcept;
    ~TarEntryWriter();

    /// Hands the entry to `sink` in pieces; content is passed through without another copy.
    void write(const TarEntry& entry, Bytes content, const Sink& sink);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The 1,024 zero bytes that end a tar stream.
Bytes end_of_tar() noexcept;

struct ParsedTarEntry {
    TarEntry entry;
    ByteBuffer content;
};

/// Parses the bytes of one tar entry as TarEntryWriter makes them (a location, docs/format.md).
/// Throws malformed for anything else, or content over `limit_bytes`.
ParsedTarEntry parse_tar_entry(Bytes bytes, std::uint64_t limit_bytes);

/// Walks a whole tar stream entry by entry; `read` fills from the plain stream and returns 0 at the
/// end.
void for_each_tar_entry(const std::function<std::size_t(std::span<std::byte>)>& read,
                        std::uint64_t limit_bytes,
                        const std::function<void(ParsedTarEntry&&)>& entry);

}  // namespace mailhold::archive
