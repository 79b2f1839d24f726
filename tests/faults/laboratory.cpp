// What befalls which call.

#include "laboratory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mailhold::faults {

namespace {

/// True while this thread does the laboratory's own work, whose calls are nobody's.
thread_local bool is_inside __attribute__((tls_model("initial-exec"))) = false;

struct Inside {
    Inside() { is_inside = true; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() { is_inside = false; }
};

Laboratory* laboratory = nullptr;  // never deleted: other threads outlive every destructor

std::string setting(const char* name)
{
    const char* value = std::getenv(fmt::format("MAILHOLD_FAULTS_{}", name).c_str());
    return value == nullptr ? std::string() : value;
}

unsigned number_setting(const char* name)
{
    return static_cast<unsigned>(std::strtoul(setting(name).c_str(), nullptr, 10));
}

/// 0 for a fault that is no error.
int error_named(const std::string& fault)
{
    static const std::map<std::string, int> errors{
        {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EIO", EIO}, {"EROFS", EROFS}};
    const auto found = errors.find(fault);
    return found == errors.end() ? 0 : found->second;
}

bool is_within(const std::string& path, const std::string& folder)
{
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

[[noreturn]] void die()
{
    ::kill(::getpid(), SIGKILL);
    while (true)
        ::pause();
}

}  // namespace

/// When the program has been loaded, and when it has ended.
struct Start {
    Start()
    {
        if (setting("UNDER").empty())
            return;
        const Inside inside;
        laboratory = new Laboratory;
        ::unsetenv("LD_PRELOAD");  // what the program starts is not watched
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;
    ~Start()
    {
        if (laboratory != nullptr)
            laboratory->end();
    }
};

static const Start start;

Laboratory* Laboratory::here()
{
    return is_inside ? nullptr : laboratory;
}

Laboratory::Laboratory()
    : fault_(setting("DO")), plant_(setting("PLANT")), at_(number_setting("AT")),
      at_end_(setting("AT") == "end"), is_sticky_(setting("STICKY") == "1"),
      slow_milliseconds_(number_setting("SLOW"))
{
    const std::string under = setting("UNDER");
    for (std::size_t at = 0; at < under.size();) {
        const std::size_t colon = std::min(under.find(':', at), under.size());
        folders_.push_back(std::filesystem::absolute(under.substr(at, colon - at)));
        at = colon + 1;
    }
    if (const std::string file = setting("LOG"); !file.empty())
        log_ = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, file.c_str(),
                                          O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (fault_.starts_with("power"))
        durable_ = std::make_unique<Durable>(folders_);
}

bool Laboratory::watches(const std::filesystem::path& path) const
{
    for (const std::filesystem::path& folder : folders_)
        if (is_within(path.native(), folder.native()))
            return true;
    return false;
}

void Laboratory::note(const Call& call) const
{
    const std::string line = fmt::format("{} {} {}\n", number_, call.name, call.path.native());
    if (log_ >= 0)
        ::syscall(SYS_write, log_, line.data(), line.size());
}

bool Laboratory::fits(const Call& call) const
{
    if (fault_ == "torn" || fault_ == "short")
        return call.kind == Kind::write && call.bytes > 1;
    switch (call.kind) {
    case Kind::sync:
        return fault_ != "EROFS" && (!has_fired_ || fault_ != "ENOSPC");
    case Kind::close:
        return error_named(fault_) == 0 || (!has_fired_ && fault_ != "EROFS");
    case Kind::remove:
        return fault_ != "ENOSPC" && fault_ != "EDQUOT";
    default:
        return true;
    }
}

long Laboratory::run(const Call& call, const Real& real)
{
    const std::lock_guard lock(mutex_);
    const Inside inside;
    ++number_;
    if (slow_milliseconds_ > 0 && (call.kind == Kind::write || call.kind == Kind::sync))
        ::usleep(slow_milliseconds_ * 1000);
    if (next_write_finds_no_space_ && call.kind == Kind::write) {
        next_write_finds_no_space_ = is_sticky_;
        return fail(ENOSPC);
    }
    if (fault_.empty())
        note(call);
    const bool is_due = at_ > 0 && number_ >= at_ && (!has_fired_ || is_sticky_);
    return is_due && fits(call) ? befall(call, real) : done(call, real);
}

long Laboratory::befall(const Call& call, const Real& real)
{
    if (!has_fired_)
        note(call);
    has_fired_ = true;
    if (fault_ == "torn")
        real(call.bytes / 2);
    if (fault_ == "power" || fault_ == "power-names")
        cut_power();
    if (fault_ == "kill" || fault_ == "torn" || durable_)
        die();
    if (fault_ == "short") {
        next_write_finds_no_space_ = true;
        return real(call.bytes / 2);
    }
    if (call.kind == Kind::close)
        real(call.bytes);
    return fail(error_named(fault_));
}

long Laboratory::fail(int error)
{
    errno = error;
    return -1;
}

/// The planted mistake: what follows is done as if the entry had its name.
bool Laboratory::is_put_off(const Call& call)
{
    if (plant_ != "late-journal" || call.kind != Kind::name ||
        call.path.native().find("/journal/") == std::string::npos)
        return false;
    late_.emplace_back(call.from, call.path);
    return true;
}

long Laboratory::done(const Call& call, const Real& real)
{
    if (is_put_off(call))
        return 0;
    const auto goes = durable_ && (call.kind == Kind::name || call.kind == Kind::remove)
                          ? Durable::goes_with(call.path)
                          : std::nullopt;
    const long result = real(call.bytes);
    const int error = errno;
    if (result >= 0 && goes)
        durable_->forget(*goes);
    if (result >= 0 && durable_ && call.kind == Kind::sync)
        durable_->synced(call.fd);
    errno = error;
    return result;
}

void Laboratory::cut_power()
{
    durable_->cut(fault_ == "power" ? Durable::Names::as_synced : Durable::Names::as_they_are);
}

void Laboratory::end()
{
    const std::lock_guard lock(mutex_);
    const Inside inside;
    for (const auto& [from, to] : late_)
        ::syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), 0);
    if (at_end_ && durable_)
        cut_power();
}

}  // namespace mailhold::faults
