#pragma once
// What charset bytes without a believable label are in.

#include <string_view>

namespace mailhold::mail {

/// Name for iconv of the likeliest charset of bytes that are no UTF-8. Looks at how high bytes come
/// together, not at words: GB18030, Big5, Shift-JIS, Windows-1251, KOI8-R; else Windows-1252.
std::string_view guessed_charset(std::string_view bytes);

}  // namespace mailhold::mail
