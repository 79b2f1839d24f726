#pragma once
// Key material in locked pages, wiped when freed, never copied by accident.

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "mailhold/base/bytes.hpp"

namespace mailhold::crypto {

/// Chooses the fastest code for this processor; idempotent and thread-safe, and called by whatever
/// needs it. Throws bug.
void initialise();

/// A secret of fixed length after construction. Move-only; moved-from is empty.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size);
    explicit SecretBytes(Bytes copied);
    SecretBytes(SecretBytes&& other) noexcept
        : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0))
    {
    }
    SecretBytes& operator=(SecretBytes&& other) noexcept
    {
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
        return *this;
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    Bytes view() const noexcept;
    std::span<std::byte> writable() noexcept;

    SecretBytes clone() const { return SecretBytes(view()); }

private:
    struct Wipe {
        void operator()(std::byte* bytes) const noexcept;
    };
    std::unique_ptr<std::byte, Wipe> bytes_;  // sodium_malloc: guarded, locked, wiped when freed
    std::size_t size_ = 0;
};

/// Overwrites a secret that had to pass through ordinary memory; never optimised away.
void wipe(std::span<std::byte> bytes) noexcept;

/// Constant-time comparison.
bool same_secret(Bytes a, Bytes b) noexcept;

}  // namespace mailhold::crypto
