// iconv's converters, loaded before files are out of reach.

#include "worker_charsets.hpp"

#include <iconv.h>

namespace mailhold::mail {

namespace {

/// Charsets whose tables are files of their own. An open converter keeps its file in memory.
constexpr const char* charsets[] = {
    "UTF-16",      "UTF-7",       "GB18030",     "BIG5",       "BIG5-HKSCS",  "CP932",
    "EUC-JP",      "SHIFT_JIS",   "CP949",       "UHC",        "EUC-KR",      "ISO-2022-JP",
    "ISO-2022-KR", "ISO-2022-CN", "CP936",       "CP950",      "CP874",       "CP1250",
    "CP1251",      "CP1252",      "CP1253",      "CP1254",     "CP1255",      "CP1256",
    "CP1257",      "CP1258",      "CP437",       "CP850",      "CP866",       "KOI8-R",
    "KOI8-U",      "ISO-8859-1",  "ISO-8859-2",  "ISO-8859-3", "ISO-8859-4",  "ISO-8859-5",
    "ISO-8859-6",  "ISO-8859-7",  "ISO-8859-8",  "ISO-8859-9", "ISO-8859-10", "ISO-8859-13",
    "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "MACINTOSH",  "TIS-620",     "EUC-TW",
};

}  // namespace

void load_charsets()
{
    for (const char* charset : charsets) {
        // Both are left open on purpose. One that this libc lacks costs its texts only; the canary
        // asks for the one that matters most.
        static_cast<void>(iconv_open("UTF-8", charset));
        static_cast<void>(iconv_open(charset, "UTF-8"));
    }
}

}  // namespace mailhold::mail
