// Snowball stemmers by language, and the bounded memory of what they said.

#include "terms_stems.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

namespace mailhold::index {

namespace {

// What Xapian 1.4 has under ISO 639-1 names.
constexpr auto languages_known = std::to_array<std::string_view>(
    {"ar", "ca", "da", "de", "en", "es", "eu", "fi", "fr", "ga", "hu", "hy",
     "id", "it", "lt", "ne", "nl", "no", "pt", "ro", "ru", "sv", "ta", "tr"});

Xapian::Stem stemmer_of(const std::string& language)
{
    const auto* found = std::find(languages_known.begin(), languages_known.end(), language);
    if (found == languages_known.end())
        throw Error(ErrorKind::usage, fmt::format("no stemmer for language \"{}\"; there are {}",
                                                  language, fmt::join(languages_known, ", ")));
    try {
        return Xapian::Stem(language);
    } catch (const Xapian::Error& e) {
        throw Error(ErrorKind::usage, fmt::format("this Xapian has no stemmer for \"{}\": {}",
                                                  language, e.get_msg()));
    }
}

}  // namespace

Stems::Stems(const Languages& languages)
{
    for (const std::string& language : languages)
        stemmers_.push_back(stemmer_of(language));
}

Stems::Known& Stems::of(std::string_view word)
{
    if (const auto found = known_.find(word); found != known_.end())
        return found->second;
    if (known_.size() >= most_remembered)
        known_.clear();
    std::string text(word);
    Known known;
    for (const Xapian::Stem& stemmer : stemmers_) {
        std::string stem = stemmer(text);
        known.is_own_stem = known.is_own_stem || stem == text;
        const bool is_new =
            std::find(known.stems.begin(), known.stems.end(), stem) == known.stems.end();
        // Stemmers of some languages give nothing for what is all ending.
        if (!stem.empty() && stem != text && is_new)
            known.stems.push_back(std::move(stem));
    }
    return known_.emplace(std::move(text), std::move(known)).first->second;
}

}  // namespace mailhold::index
