#pragma once
// From a framed response to what it means. Hostile input gives malformed or OtherData, never more.

#include "response.hpp"
#include "response_reader.hpp"
#include "tokens.hpp"

namespace mailhold::imap {

/// Takes literals out of `raw`. Throws malformed for a response of a known kind that is not well
/// formed; unknown kinds are OtherData.
Response parse_response(RawResponse& raw, const Limits& limits);

/// All responses in `stream`, an incomplete last one left out: what a fuzz target calls.
std::vector<Response> parse_stream(Bytes stream, const Limits& limits);

// The kinds of responses, each with `tokens` behind its name.
FetchData parse_fetch(Tokens& tokens, std::uint32_t sequence);
ListData parse_list(Tokens& tokens);
StatusData parse_status(Tokens& tokens);
NamespaceData parse_namespace(Tokens& tokens);

}  // namespace mailhold::imap
