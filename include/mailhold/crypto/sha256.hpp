#pragma once
// SHA-256, for people who check files with sha256sum. Nothing in the vault rests on it.

#include <string>

#include "mailhold/base/bytes.hpp"

namespace mailhold::crypto {

/// 64 lower-case hex digits (FIPS 180-4).
std::string sha256_hex(Bytes bytes);

}  // namespace mailhold::crypto
