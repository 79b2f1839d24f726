#pragma once
// COMPRESS=DEFLATE (RFC 4978): raw deflate both ways over another connection.

#include <memory>

#include "mailhold/net/connection.hpp"

namespace mailhold::imap {

/// `received` are compressed bytes that came already with the answer to COMPRESS.
std::unique_ptr<net::Connection> make_deflate_connection(std::unique_ptr<net::Connection> inner,
                                                         Bytes received);

}  // namespace mailhold::imap
