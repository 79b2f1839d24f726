// The folder in memory: a tmpfs mounted nowhere, made by a child in namespaces of its own.

#include "mailhold/sandbox/work_folder.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"

namespace mailhold::sandbox {

namespace {

constexpr std::string_view shared_memory = "/dev/shm";
constexpr std::string_view name_start = "mailhold-";

bool write_whole(const char* file, std::string_view text)
{
    const int fd = open(file, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool done = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(fd);
    return done;
}

/// Nobody but this user is known in the namespace, under the same number as outside.
bool map_own_ids(uid_t user, gid_t group)
{
    return write_whole("/proc/self/setgroups", "deny") &&
           write_whole("/proc/self/uid_map", fmt::format("{0} {0} 1", user)) &&
           write_whole("/proc/self/gid_map", fmt::format("{0} {0} 1", group));
}

/// A tmpfs as a file descriptor; -1 where the kernel does not allow it. Leaves this process in
/// namespaces of its own.
int make_tmpfs(uid_t user, gid_t group)
{
    prctl(PR_SET_DUMPABLE, 1);  // else its own /proc files belong to root
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !map_own_ids(user, group))
        return -1;
    const int context = fsopen("tmpfs", FSOPEN_CLOEXEC);
    if (context < 0 || fsconfig(context, FSCONFIG_SET_STRING, "mode", "0700", 0) != 0 ||
        fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0)
        return -1;
    return fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
}

/// One byte with a file descriptor riding on it (unix(7), SCM_RIGHTS).
struct PassedDescriptor {
    PassedDescriptor()
    {
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
    }

    char byte = 0;
    iovec vector{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
};

bool send_descriptor(int socket, int descriptor)
{
    PassedDescriptor passed;
    cmsghdr* header = CMSG_FIRSTHDR(&passed.message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    return sendmsg(socket, &passed.message, MSG_NOSIGNAL) == 1;
}

int receive_descriptor(int socket)
{
    PassedDescriptor passed;
    if (recvmsg(socket, &passed.message, MSG_CMSG_CLOEXEC) != 1)
        return -1;
    const cmsghdr* header = CMSG_FIRSTHDR(&passed.message);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS)
        return -1;
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return descriptor;
}

/// "mailhold-<user>-<pid>-<random>": who made it stands in the name, so that a later process knows
/// when nobody does any longer.
void remove_abandoned(std::string_view start)
{
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(shared_memory, ignored)) {
        const std::string name = entry.path().filename();
        if (!name.starts_with(start))
            continue;
        const pid_t maker = std::atoi(name.c_str() + start.size());
        if (maker > 0 && kill(maker, 0) != 0 && errno == ESRCH)
            std::filesystem::remove_all(entry.path(), ignored);
    }
}

std::filesystem::path folder_in_shared_memory()
{
    const std::string start = fmt::format("{}{}-", name_start, geteuid());
    remove_abandoned(start);
    std::string path = fmt::format("{}/{}{}-XXXXXX", shared_memory, start, getpid());
    if (mkdtemp(path.data()) == nullptr)
        throw Error(ErrorKind::storage, "there is no folder in memory for the search index",
                    "mount a tmpfs on /dev/shm");
    return path;
}

}  // namespace

WorkFolder::WorkFolder()
{
    std::array<int, 2> pair{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return;
    const uid_t user = geteuid();
    const gid_t group = getegid();
    maker_ = fork();
    if (maker_ == 0) {
        const int mount = make_tmpfs(user, group);
        _exit(mount >= 0 && send_descriptor(pair[1], mount) ? 0 : 1);
    }
    close(pair[1]);
    maker_socket_ = pair[0];
}

/// The mount lives as long as the descriptor: no namespace holds it, no path leads to it.
void WorkFolder::receive_mount() noexcept
{
    if (maker_socket_ < 0)
        return;
    mount_ = receive_descriptor(maker_socket_);
    close(std::exchange(maker_socket_, -1));
    if (maker_ > 0)
        while (waitpid(maker_, nullptr, 0) < 0 && errno == EINTR)
            ;
}

const std::filesystem::path& WorkFolder::path()
{
    if (!path_.empty())
        return path_;
    receive_mount();
    if (mount_ >= 0)
        path_ = fmt::format("/proc/self/fd/{}", mount_);
    else
        path_ = folder_in_shared_memory();
    return path_;
}

bool WorkFolder::is_private()
{
    path();
    return mount_ >= 0;
}

WorkFolder::~WorkFolder()
{
    receive_mount();
    std::error_code ignored;
    if (mount_ >= 0)
        close(mount_);
    else if (!path_.empty())
        std::filesystem::remove_all(path_, ignored);
}

}  // namespace mailhold::sandbox
