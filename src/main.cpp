// The mailhold program.

#include "mailhold/cli/cli.hpp"
#include "mailhold/mail/document_workers.hpp"

int main(int argc, char** argv)
{
    mailhold::mail::serve_if_document_worker(argc, argv);
    return mailhold::cli::run(argc, argv);
}
