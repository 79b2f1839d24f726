#pragma once
// The plaintext of the secret store, in locked memory from end to end.

#include <functional>
#include <map>
#include <string>

#include "mailhold/crypto/secret.hpp"

namespace mailhold::credentials {

/// By lower-case address.
using SecretTable = std::map<std::string, crypto::SecretBytes, std::less<>>;

/// u32 count, then per secret u16 address length, address, u32 secret length, secret;
/// little-endian.
crypto::SecretBytes encode_table(const SecretTable& table);

/// Throws damaged for anything that encode_table does not write.
SecretTable decode_table(Bytes plain);

}  // namespace mailhold::credentials
