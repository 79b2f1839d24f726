#pragma once
// What a server can say that matters to us, as values.

#include <string>
#include <variant>
#include <vector>

#include "mailhold/imap/client.hpp"
#include "mailhold/imap/types.hpp"
#include "mailhold/imap/uploader.hpp"

namespace mailhold::imap {

enum class StatusWord { ok, no, bad, bye, preauth };

/// OK, NO, BAD, BYE or PREAUTH; untagged when `tag` is "*".
struct StatusResponse {
    std::string tag;
    StatusWord word = StatusWord::ok;
    std::string code;      ///< upper case, without brackets: "UIDNEXT"; empty: none
    std::string argument;  ///< of the code
    std::string text;      ///< code included, control characters blanked, at most 500 bytes
};

struct ContinuationResponse {};

struct CapabilityData {
    std::vector<std::string> names;  ///< upper case
};
struct EnabledData {
    std::vector<std::string> names;  ///< upper case
};
struct ListData {
    ListedFolder folder;
};
struct StatusData {
    std::string wire_name;
    FolderStatus status;
};
struct NamespaceData {
    std::vector<Namespace> personal;
};
struct QuotaData {
    std::optional<StorageQuota> storage;  ///< of one quota root
};
struct ExistsData {
    std::uint32_t count = 0;
};
struct ExpungeData {
    std::uint32_t sequence = 0;
};
struct VanishedData {
    bool earlier = false;
    std::vector<UidRange> uids;
};
struct FetchData {
    std::uint32_t sequence = 0;
    Fetched message;
    std::string broken;  ///< why the response could not be understood; then only `uid` counts
};
/// Anything we have no use for.
struct OtherData {};

using Response = std::variant<StatusResponse, ContinuationResponse, CapabilityData, EnabledData,
                              ListData, StatusData, NamespaceData, QuotaData, ExistsData,
                              ExpungeData, VanishedData, FetchData, OtherData>;

}  // namespace mailhold::imap
