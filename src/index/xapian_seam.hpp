#pragma once
// Every call into Xapian stands inside one of these, so that its exceptions stop here.

#include <string>
#include <string_view>

#include <xapian.h>

#include "mailhold/base/error.hpp"

namespace mailhold::index {

/// Its own text and errno's; never a term or a text of a message.
inline std::string xapian_text(std::string_view doing, const Xapian::Error& error)
{
    std::string text = std::string(doing) + ": " + error.get_msg();
    if (const char* reason = error.get_error_string())
        text += std::string(": ") + reason;
    return text;
}

/// For databases that we write ourselves: what goes wrong is the memory they lie in.
template <class Work>
auto writing(std::string_view doing, Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const Xapian::Error& e) {
        throw Error(ErrorKind::storage, xapian_text(doing, e));
    }
}

/// For shards from the vault: what goes wrong is their bytes.
template <class Work>
auto reading(std::string_view doing, Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const Xapian::DatabaseVersionError& e) {
        throw Error(ErrorKind::too_new, xapian_text(doing, e));
    } catch (const Xapian::Error& e) {
        throw Error(ErrorKind::damaged, xapian_text(doing, e));
    }
}

}  // namespace mailhold::index
