#pragma once
// Key material in locked pages, wiped when freed, never copied by accident.

#include <cstddef>
#include <memory>
#include <span>

#include "mailhold/base/bytes.hpp"

namespace mailhold::crypto {

/// Must run once before anything else of this module; idempotent and thread-safe. Throws bug.
void initialise();

/// A secret of fixed length after construction. Move-only; moved-from is empty.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size);
    explicit SecretBytes(Bytes copied);

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    Bytes view() const noexcept;
    std::span<std::byte> writable() noexcept;

    SecretBytes clone() const { return SecretBytes(view()); }

private:
    struct Wipe {
        void operator()(std::byte* bytes) const noexcept;
    };
    std::unique_ptr<std::byte, Wipe> bytes_;
    std::size_t size_ = 0;
};

/// Constant-time comparison.
bool same_secret(Bytes a, Bytes b) noexcept;

}  // namespace mailhold::crypto
