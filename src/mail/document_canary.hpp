#pragma once
// Documents that a worker must read right before it is believed: libraries that lack their tables
// give empty text and no error.

#include <string>
#include <string_view>

namespace mailhold::mail {

/// A PDF with Chinese in two encodings, in a font that is not embedded: needs poppler-data.
std::string canary_pdf();
inline constexpr std::string_view canary_words = "不锈钢螺母";  ///< in UniGB-UCS2-H
inline constexpr std::string_view canary_words_gbk = "报价单";  ///< in GBK-EUC-H

/// A text file in GBK: needs an iconv module.
inline constexpr std::string_view canary_text = "\xb1\xa8\xbc\xdb\xb5\xa5 304";  // 报价单 304

}  // namespace mailhold::mail
