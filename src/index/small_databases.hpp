#pragma once
// Many little databases instead of one: Xapian's maps grow slow as they grow large.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <xapian.h>

#include "places.hpp"

namespace mailhold::index {

using Paths = std::vector<std::filesystem::path>;

/// Best effort: what cannot be removed lies in a folder that goes too.
void remove_databases(const Paths& paths) noexcept;

/// One database with the documents of all `sources`, which are removed. Throws storage.
void compact_into_path(const Paths& sources, const std::filesystem::path& target);
/// The same, into an empty file; takes the descriptor.
void compact_into_file(const Paths& sources, int file);

/// Not for sharing by threads. Everything throws storage.
class SmallDatabases {
public:
    /// Files get names in `folder` that no other object of this process uses.
    explicit SmallDatabases(std::filesystem::path folder) : folder_(std::move(folder)) {}
    ~SmallDatabases();
    SmallDatabases(const SmallDatabases&) = delete;
    SmallDatabases& operator=(const SmallDatabases&) = delete;

    /// Of the next document, before it is added.
    PlaceLists& places() noexcept { return places_; }
    /// `text_bytes`: how much text the document's terms came from.
    void add(Xapian::Document document, std::size_t text_bytes);

    /// Databases with all documents so far; they are the caller's to remove.
    Paths finish();

private:
    std::filesystem::path new_path() const;
    void open_new_one();
    void add_held();
    void close_group();
    void close_open_one();
    void join_small_ones();
    void close_stretch();

    std::filesystem::path folder_;
    Xapian::WritableDatabase open_one_;
    std::filesystem::path open_path_;
    std::optional<Xapian::Document> held_;  // not yet in it: it may be the last of its group
    std::size_t group_documents_ = 0;
    std::string group_newest_;  // the date's value
    std::size_t open_documents_ = 0;
    std::size_t open_text_bytes_ = 0;
    Paths small_;   // closed, not yet joined
    Paths joined_;  // each of many small ones
    PlaceLists places_;
    std::string stretch_;
    Paths stretches_;  // without documents
};

}  // namespace mailhold::index
