// rename and link, with what filesystems refuse of them.

#include "placing.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content.hpp"
#include "failure.hpp"
#include "mailhold/base/file.hpp"

namespace mailhold::objects {

namespace {

bool means_unsupported(int code)
{
    return code == EINVAL || code == ENOSYS || code == EOPNOTSUPP || code == EPERM;
}

/// What the last call says when it did not succeed.
std::optional<bool> refusal(const std::filesystem::path& to)
{
    if (errno == EEXIST)
        return false;
    if (means_unsupported(errno))
        return std::nullopt;
    throw_write_errno("cannot publish", to);
}

bool name_if_free(const std::filesystem::path& from, const std::filesystem::path& to)
{
    for (const auto way : {rename_no_replace, link_and_unlink, rename_if_absent}) {
        if (const auto done = way(from, to))
            return *done;
    }
    throw_write_errno("cannot publish", to);
}

void make_durable(const std::filesystem::path& path)
{
    const FileDescriptor file = reading([&] { return open_for_reading(path); });
    sync_file(file, path);
}

}  // namespace

std::optional<bool> rename_no_replace(const std::filesystem::path& from,
                                      const std::filesystem::path& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return true;
    return refusal(to);
}

std::optional<bool> link_and_unlink(const std::filesystem::path& from,
                                    const std::filesystem::path& to)
{
    if (::link(from.c_str(), to.c_str()) != 0)
        return refusal(to);
    ::unlink(from.c_str());  // a second name left in tmp/ is a harmless leftover
    return true;
}

std::optional<bool> rename_if_absent(const std::filesystem::path& from,
                                     const std::filesystem::path& to)
{
    struct stat status {};
    if (::lstat(to.c_str(), &status) == 0)
        return false;
    if (errno != ENOENT)
        throw_write_errno("cannot publish", to);
    if (::rename(from.c_str(), to.c_str()) == 0)
        return true;
    return refusal(to);
}

PutOutcome place(const std::filesystem::path& temporary, const std::filesystem::path& target)
{
    if (name_if_free(temporary, target))
        return PutOutcome::created;
    if (holds_same(temporary, target)) {
        // Whoever put it there may have been killed before its fsync.
        make_durable(target);
        ::unlink(temporary.c_str());
        return PutOutcome::already_there;
    }
    if (::rename(temporary.c_str(), target.c_str()) != 0)
        throw_write_errno("cannot publish", target);
    return PutOutcome::replaced;
}

}  // namespace mailhold::objects
