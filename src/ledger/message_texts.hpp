#pragma once
// The searchable text of messages as they come in. Each distinct attachment is read once a run: the
// night that fetches it again in a reply cannot look up what it read before.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/ledger/intake.hpp"
#include "mailhold/mail/document_workers.hpp"
#include "mailhold/mail/searchable.hpp"

namespace mailhold::ledger {

/// Thread-safe.
class MessageTexts {
public:
    explicit MessageTexts(unsigned workers);

    /// Never throws for odd mail; an attachment whose text cannot be read costs its text.
    mail::Searchable of(Bytes raw);

    /// Counts since the start.
    IndexTrouble trouble() const;

private:
    using Text = std::shared_ptr<const mail::DocumentText>;  // shared: of several messages at once

    Text text_of(const mail::Document& document);
    Text read(const mail::Document& document);
    void keep(const crypto::Hash& content, Text text);
    void give_up(const crypto::Hash& content);

    mail::DocumentWorkers workers_;
    mutable std::mutex mutex_;
    std::condition_variable read_one_;
    std::map<crypto::Hash, Text> texts_;  ///< nullptr while a thread reads it
    std::deque<crypto::Hash> oldest_;     ///< of those that are read
    std::uint64_t kept_bytes_ = 0;
    std::uint64_t unread_ = 0;
    std::string first_reason_;
    std::string workers_failed_;  ///< why no worker can be had
};

}  // namespace mailhold::ledger
