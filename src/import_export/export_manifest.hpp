#pragma once
// The manifest of a mailhold export, read back: it says of each file exactly what it was
// (docs/export.md, Manifest).

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "incoming.hpp"

namespace mailhold::import_export {

inline constexpr std::string_view manifest_name = "mailhold-export.jsonl";

/// What lines say of messages, kept while the files are read.
class ExportManifest {
public:
    /// Adds a line of the manifest that lies in `folder` ("" or ending in '/'). Throws malformed.
    void add_line(std::string_view line, const std::string& folder);

    bool empty() const noexcept { return rows_.empty(); }
    /// True when a file of this path is mbox, that is: its messages are told by their offsets.
    bool has_offsets(const std::string& path) const;

    /// Fills in what the manifest says of `message`, at `path` of the tree, and cuts what mbox put
    /// behind it. False when it does not name the message. Throws malformed when the message is not
    /// as long as it was.
    bool describe(const std::string& path, Incoming& message, const std::string& account);

    /// Files that are named and were not described so far.
    std::vector<std::string> missing() const;

private:
    struct Row {
        std::uint32_t folder = 0;
        std::uint32_t flags = 0;
        std::uint32_t account = 0;
        bool is_seen = false;
        std::uint64_t size = 0;
        std::optional<InternalDate> date;
    };
    /// Few are different: of a folder's 100,000 messages nearly all have one of 20 sets.
    template <class Value>
    class Numbered {
    public:
        std::uint32_t number_of(Value value)
        {
            const auto next = static_cast<std::uint32_t>(values_.size());
            const auto [at, is_new] = numbers_.try_emplace(std::move(value), next);
            if (is_new)
                values_.push_back(&at->first);
            return at->second;
        }
        const Value& operator[](std::uint32_t number) const { return *values_[number]; }

    private:
        std::map<Value, std::uint32_t> numbers_;
        std::vector<const Value*> values_;
    };

    std::unordered_map<std::string, Row> rows_;  ///< by path, for mbox by path, LF and offset
    std::unordered_map<std::string, bool> mbox_files_;
    Numbered<std::pair<std::string, std::optional<char>>> folders_;
    Numbered<Flags> flags_;
    Numbered<std::string> accounts_;
};

}  // namespace mailhold::import_export
