// What libFuzzer calls.

#include <span>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    mailhold::fuzz::try_one(std::as_bytes(std::span(data, size)));
    return 0;
}
