// Which shards to merge: of about the same size, so that a document is rewritten once a tier and
// not once a night.

#include <algorithm>
#include <bit>
#include <numeric>

#include "mailhold/index/shard.hpp"

namespace mailhold::index {

namespace {

constexpr std::uint64_t smallest_tier_bytes = 1 * mebibyte;  // all below it are one tier
constexpr unsigned tier_bits = 2;                            // a tier is 4 times the one before
constexpr std::size_t enough = 6;                            // shards of a tier are worth a merge

unsigned tier_of(std::uint64_t size)
{
    const auto times = static_cast<unsigned>(std::bit_width(size / smallest_tier_bytes));
    return (times + tier_bits - 1) / tier_bits;
}

}  // namespace

std::vector<std::size_t> next_merge(const std::vector<std::uint64_t>& sizes)
{
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sizes[a] < sizes[b]; });

    for (auto begin = order.begin(); begin != order.end();) {
        const unsigned tier = tier_of(sizes[*begin]);
        std::uint64_t bytes = 0;
        auto end = begin;
        for (; end != order.end() && tier_of(sizes[*end]) == tier; ++end) {
            if (bytes + sizes[*end] > max_shard_bytes)
                break;
            bytes += sizes[*end];
        }
        // Few large ones are worth it when a full shard comes of them.
        const auto count = static_cast<std::size_t>(end - begin);
        const bool fills_one = count >= 2 && bytes >= max_shard_bytes / 2 && end != order.end() &&
                               tier_of(sizes[*end]) == tier;
        if (count >= enough || fills_one)
            return {begin, end};
        begin = std::find_if(end, order.end(),
                             [&](std::size_t i) { return tier_of(sizes[i]) != tier; });
    }
    return {};
}

}  // namespace mailhold::index
