#pragma once
// libarchive's handles owned, and its results turned into Errors.

#include <memory>
#include <string>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

#include "mailhold/base/error.hpp"

namespace mailhold::archive {

/// Closes, too: the write callback must discard what comes then. A callback never reports a failure
/// to libarchive (it keeps it for us), because libarchive leaks what belongs to a failed writer.
struct FreeWriter {
    void operator()(::archive* handle) const noexcept { archive_write_free(handle); }
};
using WriteHandle = std::unique_ptr<::archive, FreeWriter>;

struct FreeReader {
    void operator()(::archive* handle) const noexcept { archive_read_free(handle); }
};
using ReadHandle = std::unique_ptr<::archive, FreeReader>;

struct FreeEntry {
    void operator()(::archive_entry* entry) const noexcept { archive_entry_free(entry); }
};
using EntryHandle = std::unique_ptr<::archive_entry, FreeEntry>;

template <class Handle>
Handle owned(typename Handle::pointer made)
{
    if (made == nullptr)
        throw Error(ErrorKind::storage, "no memory left for an archive");
    return Handle(made);
}

/// Throws `kind` with libarchive's words unless `result` is ARCHIVE_OK: a warning means that
/// something did not get in or out as it is.
inline void require_ok(::archive* handle, la_ssize_t result, ErrorKind kind, std::string_view doing)
{
    if (result == ARCHIVE_OK)
        return;
    const char* words = archive_error_string(handle);
    throw Error(kind, std::string(doing) + ": " + (words != nullptr ? words : "unknown reason"));
}

}  // namespace mailhold::archive
