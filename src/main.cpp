// The mailhold program.

#include "mailhold/cli/cli.hpp"
#include "mailhold/mail/document_workers.hpp"
#include "mailhold/mail/outlook_file.hpp"

extern "C" {
/// How jemalloc, where it is linked in, gives memory back (jemalloc(3), TUNING): a nightly run must
/// stay small, so what is freed goes soon, and few threads share few arenas.
extern const char* malloc_conf;
const char* malloc_conf = "narenas:4,dirty_decay_ms:500,muzzy_decay_ms:0";
}

int main(int argc, char** argv)
{
    mailhold::mail::serve_if_document_worker(argc, argv);
    mailhold::mail::serve_if_outlook_worker(argc, argv);
    return mailhold::cli::run(argc, argv);
}
