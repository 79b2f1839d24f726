// The mailhold program.

#include "mailhold/cli/cli.hpp"
#include "mailhold/mail/document_workers.hpp"
#include "mailhold/mail/outlook_file.hpp"

extern "C" {
/// How jemalloc, where it is linked in, gives memory back (jemalloc(3), TUNING): a nightly run must
/// stay small, so few threads share few arenas, and what is freed goes soon: not so soon, though,
/// that the next part of an index has to ask for the memory of the last one again (measured: 500 ms
/// take a tenth more of the processor, with the same peak).
extern const char* malloc_conf;
const char* malloc_conf = "narenas:4,dirty_decay_ms:5000,muzzy_decay_ms:0";
}

int main(int argc, char** argv)
{
    mailhold::mail::serve_if_document_worker(argc, argv);
    mailhold::mail::serve_if_outlook_worker(argc, argv);
    return mailhold::cli::run(argc, argv);
}
