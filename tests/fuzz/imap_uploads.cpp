// A whole session of the adding client with a hostile server, whose answers the input holds, one
// behind the other, parted by form feeds.

#include <array>

#include "imap/scripted_connection.hpp"
#include "mailhold/imap/uploader.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

constexpr std::array<std::string_view, 2> letters{"Subject: one\r\n\r\nfirst\r\n",
                                                  "Subject: two\r\n\r\nsecond\r\n"};

/// "$" in an answer stands for the tag; behind a literal the tag is not known to the script, so
/// inputs name it ("mh6").
test::Script script_of(Bytes input)
{
    Pieces pieces(input);
    test::Script script;
    for (const char* command :
         {"CAPABILITY", "CREATE", "SUBSCRIBE", "SELECT", "GETQUOTAROOT", "APPEND"})
        script.on(command, pieces.until('\f'));
    script.on("", pieces.until('\f'));
    while (!pieces.empty())
        script.then("", pieces.until('\f'));
    return script;
}

void append(imap::Uploader& uploader, std::size_t count)
{
    std::vector<imap::AppendItem> items;
    for (std::size_t i = 0; i < count; ++i)
        items.push_back({.flags = {"\\Seen", "$Forwarded"},
                         .date = InternalDate{1'000'000'000, 60},
                         .raw = bytes_of(letters[i])});
    const imap::Appended done = uploader.append("INBOX", items);
    require(done.uids.empty() || done.uids.size() == count, "UIDs of all that was added, or none");
    require(done.uids.empty() || done.answer.accepted, "no UIDs of what was refused");
}

void converse(test::Script& script)
{
    imap::ClientOptions options;
    options.limits = {.max_literal_bytes = 4'096, .max_line_bytes = 4'096, .max_nesting = 16};
    imap::Uploader uploader(script.client(false, options));
    uploader.append_limit_bytes();
    uploader.create("INBOX/new");
    uploader.subscribe("INBOX/new");
    accepted([&] { return uploader.select("INBOX/new"); });
    uploader.quota("INBOX/new");
    append(uploader, 1);
    append(uploader, uploader.takes_several() ? 2 : 1);
}

}  // namespace

void try_one(Bytes input)
{
    test::Script script = script_of(input);
    accepted([&] {
        converse(script);
        return true;
    });
}

}  // namespace mailhold::fuzz
