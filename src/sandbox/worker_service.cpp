// The worker's side: gets ready, confines itself, answers.

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <string>
#include <vector>

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/sandbox/worker.hpp"

#include "confinement.hpp"
#include "worker_channel.hpp"

namespace mailhold::sandbox {

namespace {

/// Filled by main() before there are threads.
std::vector<std::string>& roles()
{
    static std::vector<std::string> names;
    return names;
}

/// The kernel sends SIGIO, of which this process dies, when the parent's end of the pipe closes:
/// even in the middle of an endless document. PR_SET_PDEATHSIG would do so already when the thread
/// that started the worker ends.
void die_with_parent()
{
    fcntl(lifeline_descriptor, F_SETOWN, getpid());
    fcntl(lifeline_descriptor, F_SETFL, fcntl(lifeline_descriptor, F_GETFL) | O_ASYNC);
    pollfd lifeline{lifeline_descriptor, POLLIN, 0};
    if (poll(&lifeline, 1, 0) != 0)  // it went before we listened
        _exit(0);
}

bool wait_for_parent(short events)
{
    pollfd parent{socket_descriptor, events, 0};
    while (poll(&parent, 1, -1) < 0)
        continue;
    return true;
}

void answer_all(const WorkerRole& role)
{
    constexpr std::size_t much = 8 * mebibyte;
    Channel channel(socket_descriptor, wait_for_parent);
    ByteBuffer question;
    for (;;) {
        channel.receive(question, role.max_question_bytes);
        if (channel.state() != Channel::State::open)
            return;
        const ByteBuffer answer = role.answer(question);
        channel.send(std::array{Bytes(answer)});
        if (question.capacity() > much) {
            question = {};
            malloc_trim(0);
        }
    }
}

/// Never returns and runs no destructors: the confined process has nothing to put in order.
[[noreturn]] void serve(std::uint64_t memory_bytes, const WorkerRole& role,
                        const std::vector<std::string>& readable)
{
    try {
        die_with_parent();
        role.prepare();
        confine(memory_bytes, readable);
        answer_all(role);
    } catch (const std::exception&) {
        _exit(1);  // the parent sees that it died
    }
    _exit(0);
}

}  // namespace

bool serves_role(std::string_view role)
{
    return std::ranges::find(roles(), role) != roles().end();
}

void serve_if_worker(int argc, char** argv, const WorkerRole& role)
{
    if (argc < 3 || argc > 4 || argv[1] != role.name) {
        roles().emplace_back(role.name);
        return;
    }
    const std::string_view memory = argv[2];
    std::uint64_t memory_bytes = 0;
    std::from_chars(memory.data(), memory.data() + memory.size(), memory_bytes);
    std::vector<std::string> readable = role.readable;
    if (argc == 4)
        readable.emplace_back(argv[3]);
    serve(memory_bytes, role, readable);
}

}  // namespace mailhold::sandbox
