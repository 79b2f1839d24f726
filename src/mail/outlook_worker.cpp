// Inside the worker: one file is opened, then its items are made into messages.

#include <memory>

#include "mailhold/base/error.hpp"
#include "mailhold/mail/outlook_file.hpp"
#include "mailhold/sandbox/worker.hpp"

#include "outlook_exchange.hpp"
#include "pst_reader.hpp"
#include "worker_charsets.hpp"

extern "C" {
#include <libpst/vbuf.h>
}

namespace mailhold::mail {

namespace {

void prepare()
{
    load_charsets();
    pst_unicode_init();  // a converter of its own
}

ByteBuffer answer(Bytes question)
{
    static std::unique_ptr<PstReader> reader;
    const OutlookQuestion asked = parse_outlook_question(question);
    if (!asked.file.empty()) {
        reader = std::make_unique<PstReader>(asked.file);
        return answer_bytes(reader->opened());
    }
    if (!reader)
        throw Error(ErrorKind::bug, "asked for an item of no file");
    return answer_bytes(reader->item(asked.number, asked.message_bytes));
}

}  // namespace

void serve_if_outlook_worker(int argc, char** argv)
{
    sandbox::serve_if_worker(argc, argv,
                             {.name = outlook_worker_role,
                              .prepare = prepare,
                              .readable = {},
                              .max_question_bytes = 64 * kibibyte,
                              .answer = answer});
}

}  // namespace mailhold::mail
