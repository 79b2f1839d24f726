// Attachments to worker processes, their text kept for the next message that has them too.

#include "message_texts.hpp"

#include "mailhold/base/error.hpp"

namespace mailhold::ledger {

namespace {

/// Of attachments' text; the oldest is forgotten first, and read again should it come again.
constexpr std::uint64_t max_kept_bytes = 16 * mebibyte;
constexpr std::uint64_t entry_overhead_bytes = 256;

mail::DocumentText failed(std::string why)
{
    return {.outcome = mail::DocumentText::Outcome::failed, .text = {}, .why = std::move(why)};
}

}  // namespace

MessageTexts::MessageTexts(unsigned workers) : workers_(workers) {}

mail::Searchable MessageTexts::of(Bytes raw)
{
    return mail::searchable_of(raw, [this](const mail::Document& document) {
        const Text text = text_of(document);
        if (text->outcome == mail::DocumentText::Outcome::failed) {
            const std::lock_guard guard(mutex_);
            if (unread_++ == 0)
                first_reason_ = text->why;
        }
        return text->text;
    });
}

MessageTexts::Text MessageTexts::text_of(const mail::Document& document)
{
    const crypto::Hash content = crypto::hash(document.content);
    {
        std::unique_lock lock(mutex_);
        for (auto known = texts_.find(content); known != texts_.end();
             known = texts_.find(content)) {
            if (known->second)
                return known->second;
            read_one_.wait(lock);
        }
        texts_.emplace(content, nullptr);
    }
    try {
        Text text = read(document);
        keep(content, text);
        return text;
    } catch (...) {
        give_up(content);
        throw;
    }
}

/// Whoever waits for it reads it himself.
void MessageTexts::give_up(const crypto::Hash& content)
{
    {
        const std::lock_guard guard(mutex_);
        texts_.erase(content);
    }
    read_one_.notify_all();
}

MessageTexts::Text MessageTexts::read(const mail::Document& document)
{
    {
        const std::lock_guard guard(mutex_);
        if (!workers_failed_.empty())
            return std::make_shared<mail::DocumentText>(failed(workers_failed_));
    }
    try {
        return std::make_shared<mail::DocumentText>(workers_.text_of(document));
    } catch (const Error& e) {
        // Mail is backed up all the same, and found by everything but its attachments' text.
        const std::lock_guard guard(mutex_);
        workers_failed_ = e.what();
        return std::make_shared<mail::DocumentText>(failed(e.what()));
    }
}

void MessageTexts::keep(const crypto::Hash& content, Text text)
{
    {
        const std::lock_guard guard(mutex_);
        kept_bytes_ += text->text.size() + entry_overhead_bytes;
        texts_[content] = std::move(text);
        oldest_.push_back(content);
        while (kept_bytes_ > max_kept_bytes && oldest_.size() > 1) {
            const auto forgotten = texts_.find(oldest_.front());
            kept_bytes_ -= forgotten->second->text.size() + entry_overhead_bytes;
            texts_.erase(forgotten);
            oldest_.pop_front();
        }
    }
    read_one_.notify_all();
}

IndexTrouble MessageTexts::trouble() const
{
    const std::lock_guard guard(mutex_);
    return {.unread_documents = unread_, .first_reason = first_reason_, .failure = {}};
}

}  // namespace mailhold::ledger
