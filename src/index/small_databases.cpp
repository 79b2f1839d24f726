// Little databases in memory, joined as soon as there are enough of them: many at once would take
// twice the memory of what they are joined to.

#include "small_databases.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "mailhold/index/shard.hpp"
#include "values.hpp"
#include "xapian_seam.hpp"

namespace mailhold::index {

namespace {

// Measured: fewer make a larger shard, twice as many take more memory without being any faster.
constexpr std::size_t max_documents = 500;
constexpr std::size_t max_text_bytes = 2 * mebibyte;
constexpr std::size_t joined_at_once = 16;

// Of which only the newest date may have to be read. Measured, in real mail: half as many save a
// twentieth of the dates.
constexpr std::size_t max_group_documents = 64;

// Measured: smaller stretches make a larger shard.
constexpr std::size_t max_stretch_bytes = 6 * mebibyte;

constexpr int new_database = Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC |
                             Xapian::DB_DANGEROUS | Xapian::DB_NO_TERMLIST;

Xapian::Database opened(const Paths& paths)
{
    Xapian::Database all;
    for (const std::filesystem::path& path : paths)
        all.add_database(Xapian::Database(path));
    return all;
}

}  // namespace

void remove_databases(const Paths& paths) noexcept
{
    std::error_code ignored;
    for (const std::filesystem::path& path : paths)
        std::filesystem::remove_all(path, ignored);
}

void compact_into_path(const Paths& sources, const std::filesystem::path& target)
{
    writing("joining parts of the index",
            [&] { opened(sources).compact(target, Xapian::DBCOMPACT_SINGLE_FILE); });
    remove_databases(sources);
}

void compact_into_file(const Paths& sources, int file)
{
    writing("joining the index", [&] {
        opened(sources).compact(file, Xapian::DBCOMPACT_SINGLE_FILE | Xapian::Compactor::FULL,
                                static_cast<int>(database_block_bytes));
    });
    remove_databases(sources);
}

SmallDatabases::~SmallDatabases()
{
    try {
        open_one_ = Xapian::WritableDatabase();
    } catch (const Xapian::Error&) {  // its memory was full: it is thrown away all the same
    }
    remove_databases(small_);
    remove_databases(joined_);
    remove_databases(stretches_);
    if (!open_path_.empty())
        remove_databases({open_path_});
}

std::filesystem::path SmallDatabases::new_path() const
{
    static std::atomic<std::uint64_t> counter{0};
    return folder_ / fmt::format("part-{}", ++counter);
}

void SmallDatabases::open_new_one()
{
    open_path_ = new_path();
    open_one_ = writing("creating a part of the index",
                        [&] { return Xapian::WritableDatabase(open_path_, new_database); });
}

void SmallDatabases::add(Xapian::Document document, std::size_t text_bytes)
{
    if (open_path_.empty())
        open_new_one();
    add_held();
    if (places_.documents() == 1)  // this one
        document.add_value(stretch_slot, stretch_ = new_stretch());
    group_newest_ = std::max(group_newest_, document.get_value(date_slot));
    held_ = std::move(document);
    if (++group_documents_ == max_group_documents)
        close_group();
    open_text_bytes_ += text_bytes;
    if (++open_documents_ >= max_documents || open_text_bytes_ >= max_text_bytes)
        close_open_one();
}

void SmallDatabases::add_held()
{
    if (!held_)
        return;
    writing("indexing a message", [&] { open_one_.add_document(*held_); });
    held_.reset();
}

void SmallDatabases::close_group()
{
    if (!held_)
        return;
    held_->add_value(group_newest_slot, group_newest_);
    add_held();
    group_documents_ = 0;
    group_newest_.clear();
}

void SmallDatabases::close_open_one()
{
    if (open_path_.empty())
        return;
    close_group();
    writing("writing a part of the index", [&] {
        open_one_.commit();
        open_one_ = Xapian::WritableDatabase();
    });
    small_.push_back(std::move(open_path_));
    open_path_.clear();
    open_documents_ = 0;
    open_text_bytes_ = 0;
    if (small_.size() >= joined_at_once)
        join_small_ones();
    if (places_.bytes() >= max_stretch_bytes)
        close_stretch();
}

/// Ends with a database, so that its documents follow one another.
void SmallDatabases::close_stretch()
{
    if (places_.documents() == 0)
        return;
    stretches_.push_back(new_path());
    writing("writing where words stand", [&] {
        Xapian::WritableDatabase database(stretches_.back(), new_database);
        for (const auto& [term, places] : places_.take())
            database.set_metadata(places_key(term, stretch_), places);
        database.commit();
    });
}

void SmallDatabases::join_small_ones()
{
    joined_.push_back(new_path());
    compact_into_path(small_, joined_.back());
    small_.clear();
}

Paths SmallDatabases::finish()
{
    close_open_one();
    close_stretch();
    Paths all;
    for (Paths* paths : {&joined_, &small_, &stretches_}) {
        all.insert(all.end(), paths->begin(), paths->end());
        paths->clear();
    }
    return all;
}

}  // namespace mailhold::index
