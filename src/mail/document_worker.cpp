// Inside a worker: what must be loaded before files are out of reach, then one document after
// another.

#include <clocale>

#include <libxml/parser.h>

#include "document_exchange.hpp"
#include "mailhold/mail/document_workers.hpp"
#include "mailhold/sandbox/worker.hpp"
#include "worker_charsets.hpp"

namespace mailhold::mail {

namespace {

void prepare()
{
    std::setlocale(LC_CTYPE, "C.UTF-8");  // libarchive's names
    load_charsets();
    xmlInitParser();
}

ByteBuffer answer(Bytes question)
{
    const DocumentQuestion asked = parse_question(question);
    return answer_bytes(read_document(asked.document, asked.limits));
}

}  // namespace

void serve_if_document_worker(int argc, char** argv)
{
    sandbox::serve_if_worker(argc, argv,
                             {.name = document_worker_role,
                              .prepare = prepare,
                              .readable = {"/usr/share/poppler"},
                              .max_question_bytes = max_document_bytes + 1 * mebibyte,
                              .answer = answer});
}

}  // namespace mailhold::mail
