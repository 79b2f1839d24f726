#pragma once
// Our own pread(2), which Xapian calls without knowing: it lets bytes of a file be made at the
// moment they are read. Everybody else's calls of pread go through it too, unharmed.

#include <cstddef>
#include <cstdint>

namespace mailhold::index {

class LateBytes {
public:
    virtual ~LateBytes() = default;
    /// Before bytes of the file are read; false makes the read fail with EIO.
    virtual bool provide(std::uint64_t offset, std::size_t size) noexcept = 0;
};

namespace pread_hook {

/// True when calls of pread in this process, Xapian's too, arrive here. They do not where the
/// program was linked so that its symbols stay hidden from libraries.
bool is_in_effect() noexcept;

/// From now on `bytes` provides what is read from `file`, by the thread that reads. False when
/// the descriptor's number is too high. Thread-safe.
bool attach(int file, LateBytes& bytes) noexcept;

/// Before `file` is closed: its number will be another file's.
void detach(int file) noexcept;

/// For tests of what happens where the hook is not in effect.
void pretend_absent(bool absent) noexcept;

}  // namespace pread_hook

}  // namespace mailhold::index
