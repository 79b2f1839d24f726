#pragma once
// Uploads into a small server: messages numbered as they are added, and what is remembered.

#include <gmock/gmock.h>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/deliver/upload.hpp"

#include "upload_server.hpp"

namespace mailhold::deliver {

class MemoryInMap final : public UploadMemory {
public:
    std::vector<Known> known(const std::string& name, UidValidity uid_validity) override
    {
        const std::lock_guard lock(mutex_);
        return known_[{name, uid_validity}];
    }
    void remember(const std::string& name, UidValidity uid_validity,
                  const std::vector<Known>& verified) override
    {
        const std::lock_guard lock(mutex_);
        auto& known = known_[{name, uid_validity}];
        known.insert(known.end(), verified.begin(), verified.end());
    }
    void forget() { known_.clear(); }

private:
    std::mutex mutex_;
    std::map<std::pair<std::string, UidValidity>, std::vector<Known>> known_;
};

/// Small, and with a line to find it by.
inline std::string letter(int number)
{
    return fmt::format("From: a@example.com\r\nSubject: {}\r\n\r\ntext of {};\r\n", number, number);
}

class UploadTest : public testing::Test {
protected:
    UploadTest() { options.batch_messages = 10; }

    /// Gives its number.
    std::size_t add(std::string raw, Flags flags = {}, std::uint32_t folder = 0)
    {
        const auto id = crypto::ContentId::from_bytes(crypto::hash(bytes_of(raw)).bytes());
        messages.push_back({.folder = folder,
                            .id = id,
                            .date = InternalDate{1'000'000'000, 0},
                            .flags = std::move(flags),
                            .size_bytes = raw.size()});
        raws[id] = std::move(raw);
        return messages.size() - 1;
    }
    void add_letters(int count, std::uint32_t folder = 0)
    {
        for (int i = 0; i < count; ++i)
            add(letter(i), {}, folder);
    }

    /// One run as the program makes it.
    UploadReport run()
    {
        imap::Access access{.address = "a@example.com",
                            .endpoint = server.endpoint(),
                            .user = "a@example.com",
                            .secret = [] { return crypto::SecretBytes(bytes_of("secret")); },
                            .connections = connections,
                            .provider_step = {},
                            .client = {.timeouts = {.connect = std::chrono::seconds(10),
                                                    .idle = std::chrono::seconds(10),
                                                    .command = std::chrono::seconds(30)}}};
        Upload upload(std::move(access), folders, options, memory);
        NullProgress progress;
        return upload.run(
            messages, [&](const crypto::ContentId& id) { return read(id); }, progress,
            stop.get_token());
    }

    ByteBuffer read(const crypto::ContentId& id) const
    {
        if (id == unreadable)
            throw Error(ErrorKind::damaged, "the message is damaged");
        const Bytes raw = bytes_of(raws.at(id));
        bytes_read += raw.size();
        return {raw.begin(), raw.end()};
    }

    test::StoredFolder& inbox() { return server.folders["INBOX"]; }

    /// What the inbox has to hold: every message as many times as it was added. Sorted.
    std::vector<std::string> wanted(std::uint32_t folder = 0) const
    {
        std::vector<std::string> all;
        for (const UploadMessage& message : messages)
            if (message.folder == folder)
                all.push_back(raws.at(message.id));
        std::ranges::sort(all);
        return all;
    }

    void expect_whole(const UploadReport& report)
    {
        EXPECT_TRUE(report.is_whole()) << report.why << testing::PrintToString(reasons(report));
        EXPECT_TRUE(inbox().raws() == wanted())
            << inbox().messages.size() << " messages of " << messages.size();
    }

    static std::vector<std::string> reasons(const UploadReport& report)
    {
        std::vector<std::string> all;
        for (const FailedUpload& failure : report.failed)
            all.push_back(failure.why);
        return all;
    }

    std::uint64_t bytes_wanted() const
    {
        std::uint64_t bytes = 0;
        for (const UploadMessage& message : messages)
            bytes += message.size_bytes;
        return bytes;
    }

    test::UploadServer server;
    MemoryInMap memory;
    UploadOptions options{.settling_time = std::chrono::milliseconds{0}};
    unsigned connections = 1;
    std::stop_source stop;
    std::vector<UploadFolder> folders{{.levels = {"INBOX"}, .use = {}}};
    std::vector<UploadMessage> messages;
    std::map<crypto::ContentId, std::string> raws;
    std::optional<crypto::ContentId> unreadable;  ///< reading it finds damage
    mutable std::atomic<std::uint64_t> bytes_read = 0;
};

}  // namespace mailhold::deliver
