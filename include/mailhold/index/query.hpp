#pragma once
// A question to the index, as a tree. The language people type is search's; accounts, folders and
// flags are the catalog's and come in as sets of messages.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/crypto/types.hpp"

namespace mailhold::index {

/// Where a word stands in a message.
enum class Field : std::uint8_t {
    body,
    subject,
    from,
    to,
    cc,
    bcc,
    attachment,  ///< the text of attachments
    file_name,   ///< of attachments
    list,        ///< List-Id
};

/// First 8 bytes of a content id: random, so that no two messages of a vault share them in
/// practice.
enum class IdPrefix : std::uint64_t {};

inline IdPrefix prefix_of(const crypto::ContentId& id) noexcept
{
    return static_cast<IdPrefix>(read_le<std::uint64_t>(id.bytes(), 0));
}

using IdSet = std::unordered_set<IdPrefix>;

struct Query {
    enum class Kind : std::uint8_t {
        everything,
        word,        ///< `text` as typed, stemmed or not, in any of its forms (docs/search.md)
        exact_word,  ///< `text` unstemmed: the word itself
        phrase,      ///< the words of `text` in their order, unstemmed
        prefix,      ///< words that begin with `text`
        message_id,  ///< Message-ID is `text`
        refers_to,   ///< References or In-Reply-To hold `text`
        has_attachment,
        dated,  ///< from <= Date < until, seconds since 1970
        sized,  ///< from <= raw bytes < until
        among,  ///< one of `ids`
        all_of,
        any_of,
        none_of,  ///< of `parts`
    };

    Kind kind = Kind::everything;
    std::optional<Field> field;  ///< of words; nullopt: any
    std::string text;            ///< UTF-8
    std::int64_t from = 0;
    std::int64_t until = 0;
    std::shared_ptr<const IdSet> ids;  ///< shared: one set may stand at several places of a tree
    std::vector<Query> parts;
};

}  // namespace mailhold::index
