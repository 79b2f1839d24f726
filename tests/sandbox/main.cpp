// The test binary is its own worker: it does what the question says, and answers what came of it.

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mailhold/sandbox/worker.hpp"

namespace {

using mailhold::ByteBuffer;
using mailhold::Bytes;

std::string try_to_open(const std::string& path, int flags)
{
    const int fd = open(path.c_str(), flags, 0600);
    if (fd < 0)
        return "no";
    close(fd);
    return "yes";
}

std::string swell()
{
    try {
        for (std::size_t bytes = 1;; bytes *= 2) {
            const std::string filled(bytes, 'x');
            if (bytes >= mailhold::gibibyte)
                return "a gibibyte";
        }
    } catch (const std::bad_alloc&) {
        return "bad_alloc";
    }
}

std::string descriptors()
{
    std::string open_ones;
    for (int fd = 0; fd < 32; ++fd)
        if (fcntl(fd, F_GETFD) >= 0)
            open_ones += std::to_string(fd) + " ";
    return open_ones;
}

void loop_forever()
{
    const volatile bool always = true;
    while (always)
        continue;
}

void crash()
{
    signal(SIGSEGV, SIG_DFL);  // a sanitizer's report would only cost time
    raise(SIGSEGV);
}

std::string environment()
{
    std::string all;
    for (char** entry = environ; *entry != nullptr; ++entry)
        all += std::string(*entry) + "\n";
    return all;
}

std::string executable_memory()
{
    void* got =
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return got == MAP_FAILED ? "no" : "yes";
}

std::string done(const std::string& order, const std::string& operand)
{
    if (order == "read")
        return try_to_open(operand, O_RDONLY);
    if (order == "write")
        return try_to_open(operand, O_WRONLY);
    if (order == "create")
        return try_to_open(operand, O_WRONLY | O_CREAT);
    if (order == "swell")
        return swell();
    if (order == "descriptors")
        return descriptors();
    if (order == "environment")
        return environment();
    if (order == "execute memory")
        return executable_memory();
    if (order == "loop")
        loop_forever();
    if (order == "crash")
        crash();
    if (order == "throw")
        throw std::runtime_error("as told");
    if (order == "exec")
        execl("/bin/true", "true", nullptr);
    if (order == "socket")
        return socket(AF_INET, SOCK_STREAM, 0) < 0 ? "no" : "yes";
    if (order == "long answer")
        return std::string(100'000, 'x');
    return operand;
}

ByteBuffer answer(Bytes question)
{
    const std::string_view text = mailhold::text_of(question);
    const std::size_t blank = std::min(text.find('|'), text.size());
    const std::string operand(text.substr(std::min(blank + 1, text.size())));
    return mailhold::copy_of(mailhold::bytes_of(done(std::string(text.substr(0, blank)), operand)));
}

}  // namespace

int main(int argc, char** argv)
{
    mailhold::sandbox::serve_if_worker(argc, argv,
                                       {.name = "--test-worker",
                                        .prepare = [] {},
                                        .readable = {"/usr/share"},
                                        .max_question_bytes = 16 * mailhold::mebibyte,
                                        .answer = answer});
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
