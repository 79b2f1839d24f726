#pragma once
// Which kind a failed system call is: reading and writing fail differently (objects/store.hpp).

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"

namespace mailhold::objects {

/// Whatever keeps bytes from a reader is store_unavailable; only "no such file" is not_found.
inline Error as_read_failure(const Error& e)
{
    const bool missing = e.kind() == ErrorKind::not_found || e.kind() == ErrorKind::damaged;
    return Error(missing ? e.kind() : ErrorKind::store_unavailable, e.what(), e.hint());
}

/// A folder that vanished under a writer is a failure to write.
inline Error as_write_failure(const Error& e)
{
    const bool vanished = e.kind() == ErrorKind::not_found;
    return Error(vanished ? ErrorKind::storage : e.kind(), e.what(), e.hint());
}

template <class Work>
auto reading(Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const Error& e) {
        throw as_read_failure(e);
    }
}

template <class Work>
auto writing(Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const Error& e) {
        throw as_write_failure(e);
    }
}

/// base's throw_errno for a call that read, and for one that wrote.
[[noreturn]] inline void throw_read_errno(std::string_view doing, const std::filesystem::path& path)
{
    try {
        throw_errno(doing, path);
    } catch (const Error& e) {
        throw as_read_failure(e);
    }
}

[[noreturn]] inline void throw_write_errno(std::string_view doing,
                                           const std::filesystem::path& path)
{
    try {
        throw_errno(doing, path);
    } catch (const Error& e) {
        throw as_write_failure(e);
    }
}

}  // namespace mailhold::objects
