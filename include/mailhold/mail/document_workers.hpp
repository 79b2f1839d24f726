#pragma once
// Worker processes that read documents under seccomp: a document that crashes, hangs or swells
// costs its own text and nothing else.

#include <chrono>
#include <memory>

#include "mailhold/mail/document.hpp"

namespace mailhold::mail {

struct DocumentWorkerLimits {
    std::chrono::seconds time{20};                ///< for one document
    std::uint64_t memory_bytes = 512 * mebibyte;  ///< address space of one worker
    DocumentLimits document{};
};

/// Thread-safe. Workers start at the first document, live on, and are replaced when they die.
class DocumentWorkers {
public:
    explicit DocumentWorkers(unsigned count, const DocumentWorkerLimits& limits = {});
    ~DocumentWorkers();  ///< ends the workers

    /// Waits for a free worker. Documents of no readable kind cost nothing. A worker that died or
    /// ran out of time gives `failed`. Throws storage when no worker can be started, or when a
    /// fresh one does not read its canary document right (docs/design.md).
    DocumentText text_of(const Document& document);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What main() calls first: when this process was started as a document worker, serves until its
/// parent goes, and exits.
void serve_if_document_worker(int argc, char** argv);

}  // namespace mailhold::mail
