// A small pool, shared by all streams of the process: an archive has only about eight blocks.

#include "sealer_pool.hpp"

#include <array>
#include <mutex>

namespace mailhold::sealed {
namespace {

using Effort = archive::FrameCompressor::Effort;

class SealerPool {
public:
    std::unique_ptr<Sealer> take(Effort effort)
    {
        {
            const std::lock_guard lock(mutex_);
            for (std::unique_ptr<Sealer>& sealer : idle_)
                if (sealer && sealer->effort == effort)
                    return std::move(sealer);
        }
        return std::make_unique<Sealer>(effort);
    }

    /// Keeps what fits; frees the rest. Never throws: a destructor gives back.
    void give_back(std::unique_ptr<Sealer> returned) noexcept
    {
        const std::lock_guard lock(mutex_);
        for (std::unique_ptr<Sealer>& sealer : idle_) {
            if (!sealer) {
                sealer = std::move(returned);
                return;
            }
        }
    }

private:
    std::mutex mutex_;
    std::array<std::unique_ptr<Sealer>, 4> idle_;  // two threads, two efforts
};

SealerPool& pool()
{
    static SealerPool the_pool;
    return the_pool;
}

}  // namespace

std::span<std::byte> room(ByteBuffer& buffer, std::size_t size)
{
    if (buffer.size() < size) {
        buffer = ByteBuffer();  // what it held is of no use: do not hold both
        buffer.resize(size);
    }
    return std::span(buffer).first(size);
}

SealerLoan::SealerLoan(Effort effort) : sealer_(pool().take(effort)) {}
SealerLoan::~SealerLoan()
{
    pool().give_back(std::move(sealer_));
}

}  // namespace mailhold::sealed
