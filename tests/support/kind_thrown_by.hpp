#pragma once
// Which mailhold::Error a piece of code throws.

#include <optional>

#include "mailhold/base/error.hpp"

namespace mailhold::test {

/// nullopt when `work` returns; exceptions other than Error go through.
template <class Work>
std::optional<ErrorKind> kind_thrown_by(Work&& work)
{
    try {
        static_cast<void>(work());
    } catch (const Error& e) {
        return e.kind();
    }
    return std::nullopt;
}

}  // namespace mailhold::test
