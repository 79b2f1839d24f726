// Words by Zipf's law: few stand in every message, most in one.

#include "generated_entries.hpp"

#include <cmath>
#include <random>

#include <fmt/format.h>

namespace mailhold::test {

namespace {

constexpr std::int64_t first_date = 1'700'000'000;

class Writer {
public:
    Writer(std::uint64_t seed, std::size_t vocabulary) : random_(seed), vocabulary_(vocabulary) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }

    std::string word()
    {
        const double uniform = std::uniform_real_distribution<double>(0, 1)(random_);
        const double rank = std::pow(static_cast<double>(vocabulary_), uniform) - 1;
        return generated_word(static_cast<std::size_t>(rank));
    }

    std::string text(std::size_t words)
    {
        std::string text;
        for (std::size_t i = 0; i < words; ++i)
            text += word() + (below(12) == 0 ? ".\n" : " ");
        return text;
    }

private:
    std::mt19937_64 random_;
    std::size_t vocabulary_;
};

std::string address(std::size_t person)
{
    return fmt::format("Person {0} <person{0}@company{1}.example>", person, person % 7);
}

}  // namespace

std::string generated_word(std::size_t rank)
{
    static constexpr std::string_view syllables = "basedipofukolamiren2zotu";
    std::string word;
    for (std::size_t left = rank + 1; left > 0; left /= 12)
        word += syllables.substr(left % 12 * 2, 2);
    return word + (rank % 3 == 0 ? "n" : "l");
}

crypto::ContentId generated_id(std::uint64_t number)
{
    std::mt19937_64 random(number ^ 0x9e3779b97f4a7c15U);
    crypto::ContentId id;
    for (std::byte& byte : id.value)
        byte = static_cast<std::byte>(random());
    return id;
}

index::Entry generated_entry(std::uint64_t number, const EntryShape& shape)
{
    Writer writer(number, shape.vocabulary);
    index::Entry entry;
    entry.id = generated_id(number);
    entry.size_bytes = 500 + writer.below(20'000);
    entry.fallback_date = first_date;
    mail::Searchable& message = entry.message;
    message.from = {address(writer.below(50))};
    message.to = {address(writer.below(50)), address(writer.below(50))};
    message.subject = writer.text(4);
    message.message_id = fmt::format("{}@generated.example", number);
    if (number % 5 != 0)
        message.date = InternalDate{first_date + static_cast<std::int64_t>(writer.below(500)), 0};
    message.text = writer.text(shape.words / 2 + writer.below(shape.words + 1));
    if (number % 4 == 0)
        message.text += "我们的不锈钢管价格表在附件里\n";
    if (number % 6 == 0)
        message.attachments.push_back(
            {fmt::format("offer-{}.pdf", number), "application/pdf", writer.text(shape.words / 2)});
    return entry;
}

}  // namespace mailhold::test
