#pragma once
// Where the leaves of a message's MIME tree lie, found in one pass and in bounded memory.
//
// GMime builds an object for every part before one can look at it: a hostile message of empty parts
// would cost gigabytes. This walker only keeps offsets, stops at its limits, and asks GMime what a
// header means.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailhold::mail {

inline constexpr std::size_t max_entities = 10'000;  ///< what follows is left alone
inline constexpr std::size_t max_depth = 100;        ///< deeper containers count as leaves
inline constexpr std::size_t max_header_value =
    256 * 1024;  ///< bytes of one field that are looked at

/// A leaf, or an embedded message, whose own leaves follow it.
struct Entity {
    std::string_view header;      ///< its header lines, with their line ends
    std::string_view body;        ///< still encoded, without the line end before the boundary
    std::string media_type;       ///< lower case
    std::string encoding;         ///< Content-Transfer-Encoding in lower case; may be empty
    std::string charset;          ///< of the Content-Type; may be empty
    bool has_name = false;        ///< its Content-Type has one
    bool is_flowed = false;       ///< RFC 3676
    bool deletes_spaces = false;  ///< its DelSp
    bool is_message = false;      ///< the body is a whole message that the walk went into
    int messages_around = 0;      ///< embedded messages it lies in
    std::size_t alternative =
        0;  ///< number of the innermost multipart/alternative around it; 0: none
};

/// Leaves and embedded messages in the order of their bytes; bodies of leaves never overlap. Never
/// throws for odd mail.
std::vector<Entity> entities_of(std::string_view raw);

/// The header lines at the message's start.
std::string_view header_block(std::string_view raw);

/// Value of the first field called `name` (any case), unfolded, NULs as spaces, at most
/// max_header_value bytes.
std::optional<std::string> header_value(std::string_view header, std::string_view name);

}  // namespace mailhold::mail
