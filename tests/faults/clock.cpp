// Wrong clocks, as told in the environment: MAILHOLD_FAULTS_CLOCK=SECONDS shifts the time of day,
// jumping:SECONDS lets it jump forth and back. Monotonic clocks stay.

#include <atomic>
#include <cstdlib>
#include <string>

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

struct Shift {
    time_t seconds = 0;
    bool jumps = false;
};

Shift told()
{
    const char* value = std::getenv("MAILHOLD_FAULTS_CLOCK");
    if (value == nullptr)
        return {};
    const std::string text = value;
    const auto colon = text.find(':');
    return {.seconds = std::atol(text.substr(colon == std::string::npos ? 0 : colon + 1).c_str()),
            .jumps = colon != std::string::npos};
}

/// Right, ahead, right, behind, a few questions each.
time_t shift_now()
{
    constexpr unsigned questions = 5;
    static const Shift shift = told();
    static std::atomic<unsigned> asked{0};
    if (!shift.jumps)
        return shift.seconds;
    constexpr int directions[] = {0, 1, 0, -1};
    return directions[asked++ / questions % 4] * shift.seconds;
}

timespec wrong_time()
{
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    now.tv_sec += shift_now();
    return now;
}

}  // namespace

extern "C" {

int lab_clock_gettime(clockid_t clock, timespec* now) __asm__("clock_gettime");
time_t lab_time(time_t* now) __asm__("time");
int lab_gettimeofday(timeval* now, void* zone) __asm__("gettimeofday");

int lab_clock_gettime(clockid_t clock, timespec* now)
{
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return static_cast<int>(::syscall(SYS_clock_gettime, clock, now));
    *now = wrong_time();
    return 0;
}

time_t lab_time(time_t* now)
{
    const time_t seconds = wrong_time().tv_sec;
    if (now != nullptr)
        *now = seconds;
    return seconds;
}

int lab_gettimeofday(timeval* now, void* /*zone*/)
{
    const timespec wrong = wrong_time();
    *now = {.tv_sec = wrong.tv_sec, .tv_usec = wrong.tv_nsec / 1000};
    return 0;
}

}  // extern "C"
