#pragma once
// Whether this was compiled with a sanitizer that takes memory and system calls of its own.

namespace mailhold {

#if defined(__has_feature)  // clang
#define MAILHOLD_HAS(sanitizer) __has_feature(sanitizer)
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // g++
#define MAILHOLD_HAS(sanitizer) 1
#else
#define MAILHOLD_HAS(sanitizer) 0
#endif

/// AddressSanitizer or ThreadSanitizer.
inline constexpr bool is_sanitized =
    MAILHOLD_HAS(address_sanitizer) || MAILHOLD_HAS(thread_sanitizer);

#undef MAILHOLD_HAS

}  // namespace mailhold
