// A whole session of the reading client with a hostile server, whose answers the input holds, one
// behind the other, parted by form feeds.

#include <algorithm>
#include <set>

#include "imap/scripted_connection.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

/// "$" in an answer stands for the tag (scripted_connection.hpp).
test::Script script_of(Bytes input)
{
    Pieces pieces(input);
    test::Script script;
    for (const char* command : {"CAPABILITY", "NAMESPACE", "LIST", "STATUS", "EXAMINE",
                                "UID FETCH 1:* (UID)", "UID FETCH"})
        script.on(command, pieces.until('\f'));
    while (!pieces.empty())
        script.then("UID FETCH", pieces.until('\f'));
    return script;
}

void fetch(imap::Client& client, const imap::FetchItems& items)
{
    std::set<Uid> seen;
    client.fetch({{Uid{1}, Uid{20}}}, items,
                 {.message =
                      [&](imap::Fetched&& message) {
                          require(message.uid.has_value(), "a fetched message has its UID");
                          require(seen.insert(*message.uid).second, "each message comes once");
                      },
                  .failed = [](Uid, const std::string&) {},
                  .vanished =
                      [](const imap::UidRange& range) {
                          require(range.first <= range.last,
                                  "a range does not end before its start");
                      }});
}

void converse(test::Script& script)
{
    imap::ClientOptions options;
    options.limits = {.max_literal_bytes = 4'096, .max_line_bytes = 4'096, .max_nesting = 16};
    const auto client = script.client(false, options);
    accepted([&] { return client->personal_namespaces(); });
    accepted([&] { return client->list_folders(); });
    accepted([&] { return client->status({"INBOX", "a b"}); });
    client->examine("INBOX", imap::QresyncCursor{UidValidity{7}, ModSeq{3}});
    const auto uids = accepted([&] { return client->all_uids(); });
    require(!uids || std::ranges::is_sorted(*uids), "all UIDs come sorted");
    fetch(*client, {.internal_date = true, .size = true, .modseq = true, .gmail = true});
    fetch(*client, {.body = true});
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
