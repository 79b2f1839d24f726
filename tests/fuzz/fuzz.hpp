#pragma once
// What every fuzz target shares: the function it defines, and how it tells that a property is
// broken.

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::fuzz {

/// Each target's own: tries one input. Whatever leaves it as an exception is a finding.
void try_one(Bytes input);

/// Ends the process when a property does not hold; the fuzzer then keeps the input.
inline void require(bool holds, const char* property)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken property: %s\n", property);
    std::abort();
}

/// What `work` returns; nullopt where it refuses the input, which must not be called our bug.
template <class Work>
auto accepted(Work work) -> std::optional<decltype(work())>
{
    try {
        return work();
    } catch (const Error& e) {
        require(e.kind() != ErrorKind::bug, e.what());
        return std::nullopt;
    }
}

/// An input taken apart from its front.
class Pieces {
public:
    explicit Pieces(Bytes input) : rest_(input) {}

    Bytes take(std::size_t size)
    {
        const Bytes taken = rest_.first(std::min(size, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }

    unsigned byte()
    {
        const Bytes one = take(1);
        return one.empty() ? 0 : std::to_integer<unsigned>(one[0]);
    }

    /// Up to the next `end`, which is skipped; all that is left where there is none.
    std::string_view until(char end)
    {
        const std::string_view text = text_of(rest_);
        const std::string_view taken = text.substr(0, text.find(end));
        rest_ = rest_.subspan(std::min(taken.size() + 1, rest_.size()));
        return taken;
    }

    Bytes rest() const { return rest_; }
    bool empty() const { return rest_.empty(); }

private:
    Bytes rest_;
};

}  // namespace mailhold::fuzz
