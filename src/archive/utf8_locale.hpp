#pragma once
// Names in archives are UTF-8, whatever the user's terminal speaks.

#include <clocale>

#include "mailhold/base/error.hpp"

namespace mailhold::archive {

/// libarchive recodes names by the thread's locale; ours are UTF-8, whatever the user's terminal
/// speaks.
class Utf8Locale {
public:
    Utf8Locale() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr))
    {
        if (utf8_ == nullptr)
            throw Error(ErrorKind::bug, "this system lacks the locale C.UTF-8");
        before_ = uselocale(utf8_);
    }
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;
    ~Utf8Locale()
    {
        uselocale(before_);
        freelocale(utf8_);
    }

private:
    locale_t utf8_;
    locale_t before_{};
};

}  // namespace mailhold::archive
