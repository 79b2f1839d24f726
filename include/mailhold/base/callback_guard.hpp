#pragma once
// Keeps exceptions from crossing a C library's stack frames.

#include <exception>
#include <utility>

namespace mailhold {

/// Runs work inside a C callback: catches everything, keeps the first exception, returns the abort
/// code.
class CallbackGuard {
public:
    template <class Result, class Work>
    Result run(Result abort_code, Work&& work) noexcept
    {
        if (failure_)
            return abort_code;
        try {
            return std::forward<Work>(work)();
        } catch (...) {
            failure_ = std::current_exception();
            return abort_code;
        }
    }

    /// Rethrows what a callback threw, once.
    void rethrow()
    {
        if (failure_)
            std::rethrow_exception(std::exchange(failure_, nullptr));
    }

private:
    std::exception_ptr failure_;
};

}  // namespace mailhold
