#pragma once
// Threads that share a work, of which fewer will do.

#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace mailhold::index {

/// Starts threads until there are `wanted`, or the system allows no more.
template <class Work>
void start_threads(std::vector<std::jthread>& threads, std::size_t wanted, const Work& work)
{
    try {
        while (threads.size() < wanted)
            threads.emplace_back(work);
    } catch (const std::system_error&) {
        // Fewer will do.
    }
}

}  // namespace mailhold::index
