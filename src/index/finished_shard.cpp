// A shard's bytes in memory: a file that has no name.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailhold/index/shard.hpp"
#include "memory_file.hpp"

namespace mailhold::index {

namespace {

constexpr const char* shown_name = "the memory of the index";

}  // namespace

FileDescriptor new_memory_file()
{
    const int file = memfd_create("index", MFD_CLOEXEC);
    if (file < 0)
        throw_errno("cannot create", shown_name);
    return FileDescriptor(file);
}

int duplicate_from_start(const FileDescriptor& file)
{
    if (lseek(file.get(), 0, SEEK_SET) < 0)
        throw_errno("cannot rewind", shown_name);
    const int copy = fcntl(file.get(), F_DUPFD_CLOEXEC, 3);
    if (copy < 0)
        throw_errno("cannot open", shown_name);
    return copy;
}

FinishedShard::FinishedShard(FileDescriptor memory_file, std::uint64_t documents)
    : memory_file_(std::move(memory_file)), documents_(documents)
{
}

std::uint64_t FinishedShard::size_bytes() const
{
    struct stat status = {};
    if (fstat(memory_file_.get(), &status) != 0)
        throw_errno("cannot examine", shown_name);
    return static_cast<std::uint64_t>(status.st_size);
}

ByteBuffer FinishedShard::read(std::uint64_t offset, std::uint64_t length) const
{
    return read_range(memory_file_, offset, length, shown_name);
}

}  // namespace mailhold::index
