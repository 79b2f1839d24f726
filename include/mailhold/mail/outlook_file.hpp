#pragma once
// The mail in an Outlook data file (.pst, .ost), made into RFC 5322 messages. libpst reads it, in a
// worker process: what the file does to its reader costs the item that is being read.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/identifiers.hpp"

namespace mailhold::mail {

struct OutlookItem {
    enum class Kind {
        nothing,  ///< no item of a person: a folder, or one of Outlook's own
        message,
        other_item,  ///< contact, appointment, task, note, journal entry
        unread,      ///< `trouble` says why
    };
    Kind kind = Kind::nothing;
    std::vector<std::string> folders;  ///< names of the levels, below the top of the file's folders
    std::string name;                  ///< for people: its subject, else its number in the file
    Flags flags;
    std::optional<InternalDate> date;  ///< delivered, else sent
    std::string trouble;               ///< also of a message: what of it could not be read
    ByteBuffer raw;                    ///< of a message; CRLF line ends, the same at each reading
};

struct OutlookLimits {
    std::uint64_t message_bytes = 256 * mebibyte;  ///< a larger one is unread
    std::uint64_t memory_bytes = 3 * gibibyte;     ///< address space of the worker
    std::chrono::seconds opening{1'800};           ///< libpst is slow with many items
    std::chrono::seconds item{120};
    unsigned restarts = 20;  ///< items that may cost their worker, before the rest is given up
};

/// Reads one item after another. Not for sharing by threads.
class OutlookFile {
public:
    /// Throws malformed, with what to do, when the file is none that can be read; storage when no
    /// worker can be started.
    explicit OutlookFile(const std::filesystem::path& file, const OutlookLimits& limits = {});
    ~OutlookFile();
    OutlookFile(const OutlookFile&) = delete;
    OutlookFile& operator=(const OutlookFile&) = delete;

    /// What is wrong with the file as a whole, although it is read; empty: nothing that is known.
    const std::string& trouble() const noexcept;

    /// The next item; nullopt at the end. Throws malformed when the rest cannot be read.
    std::optional<OutlookItem> next();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What main() calls first: when this process was started as a reader of Outlook files, serves
/// until its parent goes, and exits.
void serve_if_outlook_worker(int argc, char** argv);

}  // namespace mailhold::mail
