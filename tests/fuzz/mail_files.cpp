// Mail in files of other programs: mbox in all variants, .emlx, names in Maildirs. Nothing is found
// that the file does not hold, in whatever pieces it is read.

#include <array>

#include "import_export/found_mail.hpp"

#include "emlx_reader.hpp"
#include "from_line.hpp"
#include "maildir_names.hpp"
#include "mbox_reader.hpp"
#include "status_headers.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

using import_export::MboxVariant;

constexpr std::array variants{MboxVariant::automatic, MboxVariant::o, MboxVariant::rd,
                              MboxVariant::cl, MboxVariant::cl2};

const import_export::FileContext context{
    .file = "a.mbox", .folder = {"a", '/'}, .flags = {}, .date = {}};

test::FoundMail mbox(std::string_view text, MboxVariant variant, std::size_t piece_bytes)
{
    test::TextSource source{std::string(text)};
    import_export::BufferedReader reader(source, piece_bytes);
    test::FoundMail found;
    import_export::read_mbox(reader, context, variant, found);
    return found;
}

void try_mbox(std::string_view text, MboxVariant variant)
{
    const test::FoundMail found = mbox(text, variant, 4'096);
    require(mbox(text, variant, 7).raw == found.raw, "pieces do not matter");
    std::size_t sum = 0;
    for (const import_export::Incoming& message : found.messages) {
        sum += message.raw.size();
        require(message.from.offset <= text.size(), "a message lies in its file");
        for (const std::string& flag : message.flags)
            require(import_export::is_flag(flag), "a flag can be kept");
    }
    require(sum <= text.size(), "messages are not longer than their file");
}

void try_emlx(std::string_view text)
{
    test::TextSource source{std::string(text)};
    import_export::BufferedReader reader(source, 4'096);
    test::FoundMail found;
    import_export::read_emlx(reader, context, found);
    require(found.messages.size() + found.failures.size() == 1,
            "one message, or why there is none");
    require(found.raw.empty() || text.find(found.raw.front()) != std::string_view::npos,
            "the message stands in its file");
}

void try_names(std::string_view text)
{
    const auto letters = import_export::parse_dovecot_keywords(text);
    import_export::flags_of_maildir_name(text, letters);
    import_export::maildir_plus_levels(text);
    import_export::date_of_from_line(text);
}

}  // namespace

void try_one(Bytes input)
{
    Pieces pieces(input);
    const MboxVariant variant = variants[pieces.byte() % variants.size()];
    const std::string_view text = text_of(pieces.rest());
    try_mbox(text, variant);
    try_emlx(text);
    try_names(text);
}

}  // namespace mailhold::fuzz
