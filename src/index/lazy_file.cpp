// A sparse file in memory of the shard's length, filled chunk by chunk.

#include "lazy_file.hpp"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "memory_file.hpp"

namespace mailhold::index {

namespace {

constexpr const char* shown_name = "the memory of the index";

thread_local const LazyFile* last_asked_file = nullptr;

/// Where `file` stands does not matter to anybody: all reads but those of the first bytes name
/// their place.
void write_at(const FileDescriptor& file, std::uint64_t offset, Bytes bytes)
{
    while (!bytes.empty()) {
        const ssize_t count =
            pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            throw_errno("cannot fill", shown_name);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
}

}  // namespace

LazyFile::LazyFile(const ShardSource& source, std::uint64_t most_bytes)
    : source_(source), most_bytes_(most_bytes), file_(new_memory_file())
{
    if (source.size_bytes == 0)
        throw Error(ErrorKind::damaged, "shard " + source.object.hex() + " is empty");
    if (ftruncate(file_.get(), static_cast<off_t>(source.size_bytes)) != 0)
        throw_errno("cannot make room in", shown_name);
    present_.resize(source.chunk_count());
    require(0);  // its first bytes are read by read(2), which is not ours
}

LazyFile::~LazyFile()
{
    detach();
}

int LazyFile::open()
{
    if (!pread_hook::is_in_effect())
        fill();
    xapians_ = duplicate_from_start(file_);
    asked_ = false;
    if (!pread_hook::attach(xapians_, *this))
        fill();
    return xapians_;
}

void LazyFile::detach() noexcept
{
    if (xapians_ >= 0)
        pread_hook::detach(xapians_);
    xapians_ = -1;
}

void LazyFile::fill()
{
    most_bytes_ = 0;
    for (std::size_t chunk = 0; chunk < present_.size(); ++chunk)
        require(chunk);
    filled_ = true;
}

const LazyFile* LazyFile::last_asked() noexcept
{
    return last_asked_file;
}

void LazyFile::forget_last_asked() noexcept
{
    last_asked_file = nullptr;
}

bool LazyFile::provide(std::uint64_t offset, std::size_t size) noexcept
{
    asked_ = true;
    last_asked_file = this;
    if (offset >= source_.size_bytes || size == 0)
        return true;  // the real pread says what there is to say
    return guard_.run(false, [&] {
        const std::uint64_t end = std::min<std::uint64_t>(offset + size, source_.size_bytes);
        const std::uint64_t size_of_one = source_.chunk_bytes;
        for (std::uint64_t chunk = offset / size_of_one; chunk * size_of_one < end; ++chunk)
            require(static_cast<std::size_t>(chunk));
        return true;
    });
}

void LazyFile::require(std::size_t chunk)
{
    if (present_[chunk])
        return;
    const std::uint64_t offset = chunk * source_.chunk_bytes;
    const ByteBuffer bytes = source_.read(chunk);
    if (bytes.size() != std::min(source_.chunk_bytes, source_.size_bytes - offset))
        throw Error(ErrorKind::damaged,
                    "shard " + source_.object.hex() + " is not as long as the journal says");
    make_room();
    write_at(file_, offset, bytes);
    present_[chunk] = true;
    read_bytes_ += bytes.size();
    if (most_bytes_ > 0 && chunk > 0)
        oldest_.push_back(chunk);
}

/// Gives the memory of the oldest chunk back; it is read again if it is wanted again.
void LazyFile::make_room()
{
    if (most_bytes_ == 0 || (oldest_.size() + 1) * source_.chunk_bytes <= most_bytes_)
        return;
    const std::size_t chunk = oldest_.front();
    oldest_.pop_front();
    present_[chunk] = false;
    if (fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(chunk * source_.chunk_bytes),
                  static_cast<off_t>(source_.chunk_bytes)) != 0)
        throw_errno("cannot give back a piece of", shown_name);
}

}  // namespace mailhold::index
