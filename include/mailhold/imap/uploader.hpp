#pragma once
// A session that can add mail: folders made, messages appended. Nothing else on the server can be
// changed with it.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/imap/client.hpp"

namespace mailhold::imap {

/// Whether a flag may stand in an APPEND: \Seen, \Answered, \Flagged, \Deleted, \Draft, or a
/// keyword (an atom of RFC 3501). Anything else can turn the message behind it into commands.
bool is_appendable(std::string_view flag);

/// "17-Jul-1996 02:44:25 -0700"; nullopt for an instant or zone that this form cannot hold.
std::optional<std::string> format_internal_date(InternalDate date);

struct Answer {
    bool accepted = false;
    std::string code;  ///< upper case, without brackets: "TRYCREATE", "OVERQUOTA"; empty: none
    std::string text;  ///< the server's words, one line
};

struct AppendItem {
    Flags flags;                       ///< those that are not is_appendable() are left out
    std::optional<InternalDate> date;  ///< left out when it cannot be written
    Bytes raw;                         ///< not empty: an empty one cancels a MULTIAPPEND (RFC 3502)
};

struct Appended {
    Answer answer;
    bool is_bad = false;  ///< BAD: this session is over
    /// APPENDUID (RFC 4315); without UIDs where the server does not tell, or tells nonsense.
    UidValidity uid_validity{};
    std::vector<Uid> uids;  ///< one each, in order
};

/// What SELECT told.
struct SelectedFolder {
    std::uint32_t exists = 0;
    UidValidity uid_validity{};
    std::optional<Uid> uid_next;
    std::optional<std::vector<std::string>> permanent_flags;  ///< "\*": new keywords are kept
};

struct StorageQuota {
    std::uint64_t used_bytes = 0;
    std::uint64_t limit_bytes = 0;
};

/// Not for sharing by threads. Throws as Client does; NO is an answer.
class Uploader {
public:
    /// `client` is prepared.
    explicit Uploader(std::unique_ptr<Client> client);
    ~Uploader();

    /// The reading half. What it opens is what the server has open.
    Client& reader() { return *client_; }

    bool takes_several() const;                               ///< MULTIAPPEND (RFC 3502)
    std::optional<std::uint64_t> append_limit_bytes() const;  ///< RFC 7889, of the whole account

    Answer create(const std::string& wire_name);
    Answer subscribe(const std::string& wire_name);
    /// Throws refused when there is no such folder.
    SelectedFolder select(const std::string& wire_name);
    /// The tightest STORAGE quota that holds for the folder (RFC 9208); nullopt: none, or not told.
    std::optional<StorageQuota> quota(const std::string& wire_name);

    /// All or none. More than one item only if takes_several().
    Appended append(const std::string& wire_name, std::span<const AppendItem> items);

private:
    std::unique_ptr<Client> client_;
    /// What stood before literals that the server took in this session; anything else makes the
    /// literal behind it wait, so that who refuses it does not read a message as commands.
    std::set<std::string> taken_;
};

}  // namespace mailhold::imap
