#pragma once
// What reading and searching share: parts' names, their text, header fields. All of it in UTF-8.

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/bytes.hpp"

#include "structure.hpp"

namespace mailhold::mail {

inline constexpr std::size_t max_text_bytes = 16 * mebibyte;  ///< of one body that are looked at

/// What raw 8-bit bytes of the header are likely in: the charset of the first text.
std::string likely_charset(const std::vector<Entity>& entities);

struct PartName {
    std::string file_name;  ///< never a path; may be empty
    bool is_attachment = false;
};

PartName name_of(const Entity& entity, std::string_view charset);

/// A body's text, not something to be saved. A multipart whose parts cannot be found counts as
/// text.
bool is_body(const Entity& entity, const PartName& name);

/// The text of a body, for running.
std::string text_body(const Entity& entity);

bool is_empty(std::string_view text);

std::vector<std::string> addresses(std::string_view header, std::string_view field,
                                   std::string_view charset);

/// One decoded line; empty when there is no such field.
std::string text_field(std::string_view header, std::string_view field, std::string_view charset);

/// An embedded message is named after its subject.
std::string message_file_name(const Entity& entity, std::string_view charset);

/// Without its transfer encoding.
ByteBuffer decoded_content(const Entity& entity);

}  // namespace mailhold::mail
