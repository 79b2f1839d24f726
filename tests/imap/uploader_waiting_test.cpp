// Which literals of an APPEND wait although LITERAL+ is advertised: those behind anything that the
// server has not taken yet in this session. Case 30.

#include <gmock/gmock.h>

#include "mailhold/imap/uploader.hpp"

namespace mailhold::imap {
namespace {

using testing::ElementsAre;

constexpr std::string_view body = "x: y";

/// A server that takes everything, and notes which literals waited.
struct Taking {
    std::vector<bool> waited;
    std::string word = "OK";  ///< its answer to APPEND
};

class TakingConnection final : public net::Connection {
public:
    explicit TakingConnection(Taking& server) : server_(server) {}

    void send(Bytes bytes, const Deadline& /*deadline*/) override
    {
        from_client_ += text_of(bytes);
        for (std::size_t end; (end = from_client_.find("\r\n")) != from_client_.npos;) {
            take(from_client_.substr(0, end));
            from_client_.erase(0, end + 2);
        }
    }

    std::size_t receive(std::span<std::byte> out, const Deadline& /*deadline*/) override
    {
        if (to_client_.empty())
            throw Error(ErrorKind::unreachable, "the server waits for the client");
        const auto count = std::min(out.size(), to_client_.size());
        std::memcpy(out.data(), to_client_.data(), count);
        to_client_.erase(0, count);
        return count;
    }

    bool is_loopback() const override { return true; }

private:
    void take(const std::string& line)
    {
        if (!line.starts_with(body))
            tag_ = line.substr(0, line.find(' '));
        if (line.ends_with('}')) {
            server_.waited.push_back(!line.ends_with("+}"));
            to_client_ += server_.waited.back() ? "+ go on\r\n" : "";
        } else if (line.starts_with(body)) {
            to_client_ += tag_ + " " + server_.word + " done\r\n";
        } else {
            to_client_ += "* CAPABILITY IMAP4rev1 LITERAL+ MULTIAPPEND\r\n" + tag_ + " OK\r\n";
        }
    }

    Taking& server_;
    std::string tag_;
    std::string from_client_;
    std::string to_client_;
};

class UploaderWaiting : public testing::Test {
protected:
    /// For each message whether its literal waited.
    std::vector<bool> waited(const std::vector<AppendItem>& items, const std::string& folder = "A")
    {
        server.waited.clear();
        target.append(folder, items);
        return server.waited;
    }

    static AppendItem item(Flags flags = {}, std::optional<InternalDate> date = {})
    {
        return {.flags = std::move(flags), .date = date, .raw = bytes_of(body)};
    }

    Taking server;
    Uploader target{prepared(server)};

private:
    static std::unique_ptr<Client> prepared(Taking& server)
    {
        auto client =
            std::make_unique<Client>(std::make_unique<TakingConnection>(server), ClientOptions{});
        client->prepare();
        return client;
    }
};

TEST_F(UploaderWaiting, Case30_EachFlagTheFirstTime)
{
    EXPECT_THAT(waited({item({"\\Seen"})}), ElementsAre(true));
    EXPECT_THAT(waited({item({"\\Seen"})}), ElementsAre(false));
    EXPECT_THAT(waited({item({"\\Seen", "Hot"})}), ElementsAre(true));
    EXPECT_THAT(waited({item({"hot"})}), ElementsAre(false));
}

TEST_F(UploaderWaiting, Case30_AnotherFolderAndTheFirstDate)
{
    EXPECT_THAT(waited({item()}), ElementsAre(true));
    EXPECT_THAT(waited({item()}, "B"), ElementsAre(true));
    EXPECT_THAT(waited({item({}, InternalDate{0, 0})}), ElementsAre(true));
    EXPECT_THAT(waited({item({}, InternalDate{86'400, 480})}), ElementsAre(false));
}

TEST_F(UploaderWaiting, Case30_TheFirstOfSeveralAndTheFirstThatFollows)
{
    EXPECT_THAT(waited({item(), item(), item()}), ElementsAre(true, true, false));
    EXPECT_THAT(waited({item(), item(), item({"Hot"}), item({"Hot"})}),
                ElementsAre(false, false, true, false));
}

TEST_F(UploaderWaiting, Case30_WhatWasRefusedIsNotTaken)
{
    server.word = "NO";
    EXPECT_THAT(waited({item({"Hot"}), item()}), ElementsAre(true, true));
    EXPECT_THAT(waited({item({"Hot"}), item()}), ElementsAre(true, true));
}

}  // namespace
}  // namespace mailhold::imap
