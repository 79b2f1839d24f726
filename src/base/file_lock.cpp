// flock(2): held by the open file, so that it ends with the process however that ends.

#include "mailhold/base/file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

namespace mailhold {

std::optional<FileLock> FileLock::try_take(const std::filesystem::path& path)
{
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file)
        throw_errno("cannot open the lock", path);
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return std::nullopt;
        if (errno != EINTR)
            throw_errno("cannot lock", path);
    }
    return FileLock(std::move(file));
}

}  // namespace mailhold
