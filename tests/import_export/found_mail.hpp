#pragma once
// A file in memory, and a sink that remembers what readers found.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "buffered_reader.hpp"
#include "incoming.hpp"

namespace mailhold::test {

class TextSource final : public import_export::ByteSource {
public:
    explicit TextSource(std::string text) : text_(std::move(text)) {}

    std::size_t read(std::span<std::byte> into) override
    {
        const std::size_t count = std::min(into.size(), text_.size() - at_);
        std::ranges::copy(bytes_of(text_).subspan(at_, count), into.begin());
        at_ += count;
        return count;
    }

private:
    std::string text_;
    std::size_t at_ = 0;
};

class FoundMail : public import_export::MailSink {
public:
    void message(import_export::Incoming&& message) override
    {
        raw.emplace_back(text_of(message.raw));
        messages.push_back(std::move(message));
    }

    void failed(const import_export::Whereabouts& where, const std::string& why) override
    {
        failures.emplace_back(where, why);
    }

    std::vector<import_export::Incoming> messages;
    std::vector<std::string> raw;
    std::vector<std::pair<import_export::Whereabouts, std::string>> failures;
};

}  // namespace mailhold::test
