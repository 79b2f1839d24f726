// Symbols of the program come before those of libc when libxapian's calls are bound: that is how
// the function below gets them.

#include "pread_hook.hpp"

#include <array>
#include <atomic>
#include <cerrno>

#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace mailhold::index::pread_hook {

namespace {

constexpr std::size_t most_files = 65'536;

// By file descriptor, so that a read of any other file costs one look. Pages of it that are never
// written take no memory.
std::array<std::atomic<LateBytes*>, most_files> attached;
std::atomic<bool> absent_for_tests = false;

LateBytes* attached_to(int file) noexcept
{
    if (file < 0 || static_cast<std::size_t>(file) >= most_files)
        return nullptr;
    return attached[static_cast<std::size_t>(file)].load(std::memory_order_acquire);
}

}  // namespace

extern "C" {

// Under a name of its own here: the header's declaration of pread may be an inline function.
ssize_t mailhold_pread(int file, void* buffer, size_t size, off_t offset) __asm__("pread");

__attribute__((visibility("default"), used)) ssize_t mailhold_pread(int file, void* buffer,
                                                                    size_t size, off_t offset)
{
    LateBytes* late = attached_to(file);
    if (late != nullptr && !late->provide(static_cast<std::uint64_t>(offset), size)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, file, buffer, size, offset);
}
}

bool is_in_effect() noexcept
{
    return !absent_for_tests &&
           dlsym(RTLD_DEFAULT, "pread") == reinterpret_cast<void*>(&mailhold_pread);
}

bool attach(int file, LateBytes& bytes) noexcept
{
    if (file < 0 || static_cast<std::size_t>(file) >= most_files || absent_for_tests)
        return false;
    attached[static_cast<std::size_t>(file)].store(&bytes, std::memory_order_release);
    return true;
}

void detach(int file) noexcept
{
    if (file >= 0 && static_cast<std::size_t>(file) < most_files)
        attached[static_cast<std::size_t>(file)].store(nullptr, std::memory_order_release);
}

void pretend_absent(bool absent) noexcept
{
    absent_for_tests = absent;
}

}  // namespace mailhold::index::pread_hook
