#pragma once
// The documents that come as compound files, one reader each.

#include "compound_file.hpp"
#include "document_reading.hpp"

namespace mailhold::mail {

inline constexpr std::uint64_t max_stream_bytes = 64 * mebibyte;  ///< what is behind is not read

void read_word(const CompoundFile& file, Reading& reading);             ///< .doc, from Word 6 on
void read_excel(const CompoundFile& file, Reading& reading);            ///< .xls, from Excel 5 on
void read_powerpoint(const CompoundFile& file, Reading& reading);       ///< .ppt, from 97 on
void read_outlook_message(const CompoundFile& file, Reading& reading);  ///< .msg

}  // namespace mailhold::mail
