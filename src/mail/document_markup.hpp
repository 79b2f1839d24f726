#pragma once
// How the elements of an XML vocabulary become running text, as tables.

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "document_reading.hpp"
#include "document_xml.hpp"

namespace mailhold::mail {

enum class Effect : std::uint8_t {
    collect,       ///< text in it counts
    collect_line,  ///< and it is a line of its own
    collect_cell,  ///< and it is apart from what follows on the line
    end_line,      ///< ends a line when it closes
    new_line,      ///< stands for a line break
    new_cell,      ///< stands for a tab
    blank,
    skip,  ///< with all that is in it
};

using MarkupRules = std::span<const std::pair<std::string_view, Effect>>;

class MarkupText final : public XmlVisitor {
public:
    MarkupText(MarkupRules rules, Reading& reading) : rules_(rules), reading_(reading) {}

    void open(std::string_view element, const XmlAttributes& attributes) override;
    void text(std::string_view piece) override;
    void close(std::string_view element) override;

private:
    const Effect* effect_of(std::string_view element) const;

    MarkupRules rules_;
    Reading& reading_;
    int collecting_ = 0;  ///< elements around that collect
    int skipping_ = 0;    ///< elements around, from the one that is skipped
};

/// Feeds a member of a zip to `visitor` until it ends or `reading` is over; damage is noted.
void parse_member(archive::Member& member, XmlVisitor& visitor, Reading& reading);

}  // namespace mailhold::mail
