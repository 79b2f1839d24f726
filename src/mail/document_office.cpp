// Office files of running text. Members are known by their names: relationships would say the same
// at greater length.

#include "document_office.hpp"

#include <algorithm>
#include <array>

#include "document_markup.hpp"

namespace mailhold::mail {

namespace {

using Rule = std::pair<std::string_view, Effect>;

constexpr std::array<Rule, 11> word_rules = {{
    {"t", Effect::collect},
    {"p", Effect::end_line},
    {"br", Effect::new_line},
    {"cr", Effect::new_line},
    {"tab", Effect::new_cell},
    {"tabs", Effect::skip},      // where tabs stop
    {"rt", Effect::skip},        // how the word beside it is pronounced
    {"Fallback", Effect::skip},  // the same once more, for old programs
    {"docPartObj", Effect::skip},
    {"noBreakHyphen", Effect::blank},
    {"delText", Effect::skip},
}};

constexpr std::array<Rule, 5> slide_rules = {{
    {"t", Effect::collect},
    {"text", Effect::collect_line},  // of a comment
    {"p", Effect::end_line},
    {"br", Effect::new_line},
    {"Fallback", Effect::skip},
}};

constexpr std::array<Rule, 8> open_document_rules = {{
    {"p", Effect::collect_line},
    {"h", Effect::collect_line},
    {"s", Effect::blank},
    {"tab", Effect::new_cell},
    {"line-break", Effect::new_line},
    {"ruby-text", Effect::skip},
    {"tracked-changes", Effect::skip},
    {"script", Effect::skip},
}};

constexpr std::array<Rule, 6> open_sheet_rules = {{
    {"p", Effect::collect_cell},
    {"s", Effect::blank},
    {"tab", Effect::new_cell},
    {"line-break", Effect::new_cell},
    {"table-row", Effect::end_line},
    {"tracked-changes", Effect::skip},
}};

constexpr std::array<Rule, 1> ofd_rules = {{{"TextCode", Effect::collect_line}}};

MarkupRules rules_of(OfficeKind kind)
{
    switch (kind) {
    case OfficeKind::word:
        return word_rules;
    case OfficeKind::slides:
        return slide_rules;
    case OfficeKind::open_document:
        return open_document_rules;
    case OfficeKind::open_sheet:
        return open_sheet_rules;
    case OfficeKind::ofd:
        return ofd_rules;
    case OfficeKind::none:
    case OfficeKind::sheet:
        break;
    }
    return {};
}

bool starts_with_one_of(std::string_view name, std::initializer_list<std::string_view> starts)
{
    return std::ranges::any_of(starts, [&](auto start) { return name.starts_with(start); });
}

bool has_text(OfficeKind kind, std::string_view name)
{
    if (!name.ends_with(".xml"))
        return false;
    switch (kind) {
    case OfficeKind::word:
        return starts_with_one_of(name, {"word/document", "word/header", "word/footer",
                                         "word/footnotes", "word/endnotes", "word/comments"});
    case OfficeKind::slides:
        return starts_with_one_of(name, {"ppt/slides/slide", "ppt/notesSlides/", "ppt/comments/",
                                         "ppt/diagrams/data", "ppt/charts/chart"});
    case OfficeKind::open_document:
    case OfficeKind::open_sheet:
        return name == "content.xml" || name == "styles.xml";  // headers stand in the latter
    case OfficeKind::ofd:
        return name.ends_with("/Content.xml");
    case OfficeKind::none:
    case OfficeKind::sheet:
        break;
    }
    return false;
}

/// Whether a manifest speaks of encryption.
class EncryptionSought final : public XmlVisitor {
public:
    void open(std::string_view element, const XmlAttributes& /*attributes*/) override
    {
        found = found || element == "encryption-data";
    }
    bool found = false;
};

bool is_encrypted(Bytes content, Reading& reading)
{
    EncryptionSought sought;
    archive::UnpackBudget budget = reading.budget();
    archive::unpack(content, budget, [&](archive::Member& member) {
        if (member.name() != "META-INF/manifest.xml")
            return true;
        parse_member(member, sought, reading);
        return false;
    });
    return sought.found;
}

}  // namespace

OfficeKind office_kind(const std::vector<std::string>& names)
{
    const auto has = [&](std::string_view name) {
        return std::ranges::find(names, name) != names.end();
    };
    const auto has_start = [&](std::string_view start) {
        return std::ranges::any_of(names, [&](const auto& n) { return n.starts_with(start); });
    };
    if (has("[Content_Types].xml")) {
        if (has_start("word/document"))
            return OfficeKind::word;
        if (has_start("xl/"))
            return OfficeKind::sheet;
        if (has_start("ppt/"))
            return OfficeKind::slides;
    }
    if (has("OFD.xml"))
        return OfficeKind::ofd;
    return has("mimetype") && has("content.xml") ? OfficeKind::open_document : OfficeKind::none;
}

void read_running_office(OfficeKind kind, Bytes content, Reading& reading)
{
    const bool is_open = kind == OfficeKind::open_document || kind == OfficeKind::open_sheet;
    if (is_open && is_encrypted(content, reading))
        return reading.fail("encrypted");
    const MarkupRules rules = rules_of(kind);
    reading.note(archive::unpack(content, reading.budget(), [&](archive::Member& member) {
        if (has_text(kind, member.name())) {
            MarkupText visitor(rules, reading);
            parse_member(member, visitor, reading);
            reading.end_line();
        }
        return !reading.is_over();
    }));
}

}  // namespace mailhold::mail
