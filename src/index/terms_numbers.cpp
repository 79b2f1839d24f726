// Readings of numbers: 1,250.00 and 1.250,00 are 1250; 12,5 is 12.5; 1,2,30 is a list; 7306.40.20
// is a number whose dots people leave out.

#include "terms_numbers.hpp"

#include <algorithm>
#include <array>

namespace mailhold::index {

namespace {

constexpr std::size_t most_groups = 32;   // of a word of 64 bytes
constexpr std::size_t most_decimals = 6;  // more is no amount
// A comma with more digits behind it parts a list's items.
constexpr std::size_t most_comma_decimals = 4;
constexpr std::size_t large_digits = 3;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_number_mark(char c) noexcept
{
    return c == ',' || c == '.' || c == ';';
}

struct Groups {
    std::array<std::string_view, most_groups> digits;
    std::array<char, most_groups> marks{};  ///< marks[i] stands before digits[i + 1]
    std::size_t count = 0;

    std::size_t mark_count() const noexcept { return count == 0 ? 0 : count - 1; }
    std::string_view last() const noexcept { return digits[count - 1]; }
    char last_mark() const noexcept { return marks[count - 2]; }
    /// Marks before the last are all this one.
    bool all_before_last(char mark) const noexcept
    {
        return std::all_of(marks.begin(), marks.begin() + static_cast<long>(count) - 2,
                           [&](char c) { return c == mark; });
    }
};

Groups split(std::string_view number)
{
    Groups groups;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= number.size() && groups.count < most_groups; ++i) {
        if (i < number.size() && !is_number_mark(number[i]))
            continue;
        if (i < number.size())
            groups.marks[groups.count] = number[i];
        groups.digits[groups.count++] = number.substr(begin, i - begin);
        begin = i + 1;
    }
    return groups;
}

/// The first `count` groups are of thousands: 1 to 3 digits, then 3 each; or, in India's way,
/// 2 each and 3 at the end.
bool are_thousands(const Groups& groups, std::size_t count, bool indian_too) noexcept
{
    if (groups.digits[0].size() > 3 || groups.digits[0] == "0" ||
        groups.digits[count - 1].size() != 3)
        return false;
    return std::all_of(
        groups.digits.begin() + 1, groups.digits.begin() + static_cast<long>(count),
        [&](auto digits) { return digits.size() == 3 || (indian_too && digits.size() == 2); });
}

std::string joined(const Groups& groups, std::size_t count)
{
    std::string digits;
    for (std::size_t i = 0; i < count; ++i)
        digits += groups.digits[i];
    return digits;
}

std::string with_decimals(std::string whole, std::string_view decimals)
{
    decimals = decimals.substr(0, decimals.find_last_not_of('0') + 1);
    if (!decimals.empty())
        whole.append(".").append(decimals);
    return whole;
}

Readings amount(std::string whole, std::string_view decimals)
{
    Readings readings;
    readings.main = with_decimals(whole, decimals);
    if (whole.size() >= large_digits && readings.main != whole)
        readings.whole = std::move(whole);
    return readings;
}

Readings one_mark(const Groups& groups)
{
    const char mark = groups.last_mark();
    const std::string_view last = groups.last();
    if (mark == ';')
        return {};
    if (are_thousands(groups, 2, false)) {
        Readings readings = amount(joined(groups, 2), {});
        if (mark == '.' && last.back() == '0')
            readings.other = with_decimals(std::string(groups.digits[0]), last);
        return readings;
    }
    if (last.size() > (mark == '.' ? most_decimals : most_comma_decimals))
        return {};
    return amount(std::string(groups.digits[0]), last);
}

Readings several_marks(const Groups& groups)
{
    const char first = groups.marks[0];
    if (first == ';' || groups.last_mark() == ';' || !groups.all_before_last(first))
        return {};
    if (groups.last_mark() == first)
        return are_thousands(groups, groups.count, false) ? amount(joined(groups, groups.count), {})
                                                          : Readings{};
    if (!are_thousands(groups, groups.count - 1, first == ',') ||
        groups.last().size() > most_decimals)
        return {};
    return amount(joined(groups, groups.count - 1), groups.last());
}

// Sorted.
constexpr auto currencies = std::to_array<std::string_view>(
    {"aed", "aud", "brl", "cad", "chf", "cnh", "cny", "czk", "dkk", "eur", "gbp", "hkd",
     "huf", "idr", "ils", "inr", "jpy", "krw", "mxn", "myr", "nok", "php", "pln", "rmb",
     "rub", "sar", "sek", "sgd", "thb", "try", "twd", "us",  "usd", "vnd", "zar"});
// Without letters that are also grades of steel, such as 304L and 304H.
constexpr auto units = std::to_array<std::string_view>(
    {"bar", "cbm", "cm",  "cm2",  "cm3", "ctn", "ctns", "dm",  "ft", "g",   "hz",  "in",
     "kg",  "kgs", "km",  "kpa",  "kv",  "kva", "kw",   "kwh", "lb", "lbs", "m",   "m2",
     "m3",  "mg",  "min", "ml",   "mm",  "mm2", "mm3",  "mpa", "mt", "mw",  "nos", "oz",
     "pc",  "pcs", "set", "sets", "t",   "to",  "v",    "w",   "yd"});

static_assert(std::is_sorted(currencies.begin(), currencies.end()));
static_assert(std::is_sorted(units.begin(), units.end()));

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& words, std::string_view word) noexcept
{
    return std::binary_search(words.begin(), words.end(), word);
}

bool is_number(std::string_view text) noexcept
{
    return !text.empty() && is_digit(text.front()) && is_digit(text.back()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_digit(c) || is_number_mark(c); });
}

void add_readings(const Readings& readings, const FormsOfPlace& forms)
{
    forms.part(readings.other);
    forms.part(readings.whole);
}

/// "1,40012345,250.00" is found by its items; "7306.40.20" without its dots.
void add_items(std::string_view list, const FormsOfPlace& forms)
{
    if (list.find_first_of(",;") == std::string_view::npos) {
        std::string squashed(list);
        std::erase(squashed, '.');
        forms.spelling(squashed);
        return;
    }
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(",;"), list.size());
        const std::string_view item = list.substr(0, end);
        const Readings readings = readings_of(item);
        forms.part(item);
        if (readings.main != item)
            forms.part(readings.main);
        add_readings(readings, forms);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

void add_price(std::string_view word, const Price& price, const FormsOfPlace& forms)
{
    const Readings readings = readings_of(price.number);
    forms.part(price.before);
    forms.part(price.behind);
    if (readings.main.empty()) {
        forms.part(price.number);
        return;
    }
    forms.part(readings.main);
    add_readings(readings, forms);
    std::string spelt(price.before);
    spelt.append(readings.main).append(price.behind);
    if (spelt != word)
        forms.spelling(spelt);
}

void add_number(std::string_view number, const FormsOfPlace& forms)
{
    const Readings readings = readings_of(number);
    if (readings.main.empty()) {
        add_items(number, forms);
        return;
    }
    if (readings.main != number)
        forms.spelling(readings.main);
    add_readings(readings, forms);
}

void add_sizes(std::string_view word, const std::vector<std::string_view>& sizes,
               const FormsOfPlace& forms)
{
    std::string spelt;
    for (const std::string_view size : sizes) {
        const std::string reading = readings_of(size).main;
        forms.part(size);
        if (reading != size)
            forms.part(reading);
        spelt.append(spelt.empty() ? "" : "x").append(reading.empty() ? size : reading);
    }
    if (spelt != word)
        forms.spelling(spelt);
}

/// Of a name such as v1.2.3. What begins with a digit measures something: its marks count.
void add_without_marks(std::string_view word, const FormsOfPlace& forms)
{
    if (is_digit(word.front()))
        return;
    std::string squashed(word);
    std::erase_if(squashed, is_number_mark);
    if (squashed != word)
        forms.spelling(squashed);
}

}  // namespace

Readings readings_of(std::string_view number)
{
    const Groups groups = split(number);
    switch (groups.mark_count()) {
    case 0:
        return {std::string(number), {}, {}};
    case 1:
        return one_mark(groups);
    default:
        return several_marks(groups);
    }
}

std::optional<Price> price_in(std::string_view word)
{
    const std::size_t first = word.find_first_of("0123456789");
    if (first == std::string_view::npos)
        return std::nullopt;
    Price price{.before = word.substr(0, first), .number = {}, .behind = {}};
    const std::size_t behind =
        std::min(word.find_first_not_of("0123456789,.;", first), word.size());
    price.number = word.substr(first, behind - first);
    price.behind = word.substr(behind);
    const bool known_before = price.before.empty() || holds(currencies, price.before);
    const bool known_behind =
        price.behind.empty() || holds(currencies, price.behind) || holds(units, price.behind);
    const bool has_letters = !price.before.empty() || !price.behind.empty();
    if (!has_letters || !known_before || !known_behind || !is_number(price.number))
        return std::nullopt;
    return price;
}

std::vector<std::string_view> sizes_in(std::string_view word)
{
    if (const auto unit = word.find_last_not_of("abcdefghijklmnopqrstuvwyz");
        unit != std::string_view::npos && holds(units, word.substr(unit + 1)))
        word = word.substr(0, unit + 1);
    std::vector<std::string_view> sizes;
    while (!word.empty()) {
        const std::size_t end = std::min(word.find('x'), word.size());
        if (!is_number(word.substr(0, end)))
            return {};
        sizes.push_back(word.substr(0, end));
        word.remove_prefix(std::min(end + 1, word.size()));
    }
    return sizes.size() > 1 ? sizes : std::vector<std::string_view>();
}

void add_number_forms(std::string_view word, const FormsOfPlace& forms)
{
    if (is_number(word)) {
        if (word.find_first_of(",.;") != std::string_view::npos)
            add_number(word, forms);
        return;
    }
    if (const auto price = price_in(word))
        add_price(word, *price, forms);
    else if (const auto sizes = sizes_in(word); !sizes.empty())
        add_sizes(word, sizes, forms);
    else
        add_without_marks(word, forms);
}

}  // namespace mailhold::index
