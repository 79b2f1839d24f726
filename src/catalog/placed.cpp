// Which messages lie in places of a kind: whole passes over placements and contents, in their
// order, instead of a question for each message.

#include <algorithm>

#include "state.hpp"

namespace mailhold::catalog {

namespace {

/// A set of contents by their number.
class Numbers {
public:
    void add(std::uint64_t number)
    {
        if (number >= bits_.size())
            bits_.resize(std::max<std::size_t>(number + 1, bits_.size() * 2));
        bits_[number] = true;
    }
    void remove(std::uint64_t number)
    {
        if (number < bits_.size())
            bits_[number] = false;
    }
    bool has(std::uint64_t number) const { return number < bits_.size() && bits_[number]; }
    std::vector<std::uint64_t> sorted() const
    {
        std::vector<std::uint64_t> numbers;
        for (std::uint64_t number = 0; number < bits_.size(); ++number)
            if (bits_[number])
                numbers.push_back(number);
        return numbers;
    }

private:
    std::vector<bool> bits_;
};

std::string json_array(const std::vector<std::uint64_t>& numbers)
{
    std::string json = "[";
    for (const std::uint64_t number : numbers)
        json += (json.size() > 1 ? "," : "") + std::to_string(number);
    return json + "]";
}

/// The first 8 bytes of their ids. Few are looked up one by one, many are met in a pass over all
/// between the first and the last.
std::vector<std::uint64_t> id_starts(Database& db, const Numbers& wanted)
{
    constexpr std::uint64_t look_up_costs = 6;  // of rows passed over
    const std::vector<std::uint64_t> numbers = wanted.sorted();
    std::vector<std::uint64_t> starts;
    if (numbers.empty())
        return starts;
    starts.reserve(numbers.size());
    const std::uint64_t rows_between = numbers.back() - numbers.front() + 1;
    const bool are_few = numbers.size() * look_up_costs < rows_between;
    for (Rows rows = are_few
                         ? db.rows("SELECT c.n, c.id FROM json_each(?) j JOIN contents c"
                                   " ON c.n = j.value WHERE c.kind=0",
                                   json_array(numbers))
                         : db.rows("SELECT n, id FROM contents WHERE n BETWEEN ? AND ? AND kind=0",
                                   numbers.front(), numbers.back());
         rows.next();)
        if (wanted.has(rows.number<std::uint64_t>(0)))
            starts.push_back(read_le<std::uint64_t>(rows.blob(1), 0));
    return starts;
}

/// Whether placements with these flags are wanted, asked once for each set of flags.
class FlagSets {
public:
    template <class Accepts>
    bool wanted(std::int64_t number, const Accepts& accepts)
    {
        const auto known = answers_.find(number);
        if (known != answers_.end())
            return known->second;
        return answers_.emplace(number, accepts()).first->second;
    }

private:
    std::unordered_map<std::int64_t, bool> answers_;
};

template <class Visit>
void for_each_folder(const Catalog& catalog, const Visit& visit)
{
    catalog.reading([&] {
        for (const AccountRow& account : catalog.accounts())
            for (const FolderRow& folder : catalog.folders(account.id))
                visit(account, folder);
    });
}

}  // namespace

std::vector<std::uint64_t> Catalog::messages_placed(const PlaceFilter& accepts) const
{
    const Guard guard(state_->lock);
    Numbers found;
    const auto look_into = [&](const AccountRow& account, const FolderRow& folder) {
        if (!accepts(account, folder, nullptr))
            return;
        const FolderNumber number = *state_->find_folder(folder.key);
        constexpr const char* own = "SELECT message, flags FROM placements WHERE folder=?";
        constexpr const char* former =
            "SELECT message, flags FROM placements p WHERE folder=? AND NOT EXISTS(SELECT 1"
            " FROM seen_again x WHERE x.folder = p.folder AND x.uid = p.uid"
            " AND x.message = p.message)";
        FlagSets flags;
        for (Rows rows = state_->db.rows(state_->has_successor(number) ? former : own, number);
             rows.next();) {
            const auto set = rows.number<FlagsNumber>(1);
            if (flags.wanted(rows.integer(1), [&] {
                    const Flags names = state_->flags(set);
                    return accepts(account, folder, &names);
                }))
                found.add(rows.number<std::uint64_t>(0));
        }
    };
    for_each_folder(*this, look_into);
    return id_starts(state_->db, found);
}

std::vector<std::uint64_t> Catalog::messages_gone() const
{
    const Guard guard(state_->lock);
    Numbers placed;
    Numbers live;
    const auto look_into = [&](const AccountRow&, const FolderRow& folder) {
        for (Rows rows = state_->db.rows("SELECT message, gone_since IS NULL FROM placements"
                                         " WHERE folder=?",
                                         *state_->find_folder(folder.key));
             rows.next();) {
            placed.add(rows.number<std::uint64_t>(0));
            if (!folder.gone && rows.integer(1) != 0)
                live.add(rows.number<std::uint64_t>(0));
        }
    };
    for_each_folder(*this, look_into);
    for (const std::uint64_t number : live.sorted())
        placed.remove(number);
    return id_starts(state_->db, placed);
}

}  // namespace mailhold::catalog
