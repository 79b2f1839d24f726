#pragma once
// What a reader of Outlook files is asked and answers, as bytes.

#include <string>
#include <string_view>

#include "mailhold/mail/outlook_file.hpp"

namespace mailhold::mail {

inline constexpr std::string_view outlook_worker_role = "--outlook-worker";

/// The first question opens the file, each further one asks for an item by its number.
struct OutlookQuestion {
    std::string file;  ///< empty: the item `number` is asked for
    std::uint64_t number = 0;
    std::uint64_t message_bytes = 0;  ///< a larger message is unread
};
ByteBuffer question_bytes(const OutlookQuestion& question);
OutlookQuestion parse_outlook_question(Bytes question);  ///< throws malformed

struct OutlookOpened {
    /// The last two are opened all the same.
    enum class Outcome {
        opened,
        no_outlook_file,
        unknown_version,
        encrypted,
        damaged,
        in_part,
        cut
    };
    Outcome outcome = Outcome::damaged;
    std::uint64_t items = 0;
};
ByteBuffer answer_bytes(const OutlookOpened& opened);
OutlookOpened parse_outlook_opened(Bytes answer);  ///< throws malformed

/// Flags other than these do not come from an Outlook file.
inline constexpr std::string_view outlook_flags[] = {"$Forwarded", "\\Answered", "\\Draft",
                                                     "\\Flagged", "\\Seen"};

ByteBuffer answer_bytes(const OutlookItem& item);
std::uint64_t max_outlook_answer_bytes(std::uint64_t message_bytes);
/// The answer comes from a process that a file may have taken over: its texts are cut and cleaned.
/// Throws malformed.
OutlookItem parse_outlook_item(Bytes answer);

}  // namespace mailhold::mail
