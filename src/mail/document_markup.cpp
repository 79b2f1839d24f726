// Running text from tables of elements.

#include "document_markup.hpp"

#include <algorithm>

namespace mailhold::mail {

const Effect* MarkupText::effect_of(std::string_view element) const
{
    const auto found =
        std::ranges::find_if(rules_, [&](const auto& rule) { return rule.first == element; });
    return found == rules_.end() ? nullptr : &found->second;
}

void MarkupText::open(std::string_view element, const XmlAttributes& /*attributes*/)
{
    if (skipping_ > 0) {
        ++skipping_;
        return;
    }
    const Effect* effect = effect_of(element);
    if (effect == nullptr)
        return;
    switch (*effect) {
    case Effect::collect:
    case Effect::collect_line:
    case Effect::collect_cell:
        ++collecting_;
        return;
    case Effect::new_line:
        return reading_.end_line();
    case Effect::new_cell:
        return reading_.end_cell();
    case Effect::blank:
        return reading_.add(" ");
    case Effect::skip:
        skipping_ = 1;
        return;
    case Effect::end_line:
        return;
    }
}

void MarkupText::text(std::string_view piece)
{
    if (collecting_ > 0 && skipping_ == 0)
        reading_.add(piece);
}

void MarkupText::close(std::string_view element)
{
    if (skipping_ > 0) {
        --skipping_;
        return;
    }
    const Effect* effect = effect_of(element);
    if (effect == nullptr)
        return;
    const bool collects = *effect == Effect::collect || *effect == Effect::collect_line ||
                          *effect == Effect::collect_cell;
    if (collects)
        --collecting_;
    if (*effect == Effect::end_line || *effect == Effect::collect_line)
        reading_.end_line();
    if (*effect == Effect::collect_cell)
        reading_.end_cell();
}

void parse_member(archive::Member& member, XmlVisitor& visitor, Reading& reading)
{
    XmlReader xml(visitor);
    ByteBuffer piece(64 * kibibyte);
    while (!reading.is_over()) {
        const std::size_t got = member.read(piece);
        if (got == 0 || !xml.feed(Bytes(piece).first(got)))
            break;
    }
    if (!reading.is_over() && !xml.finish())
        reading.fail("damaged");
}

}  // namespace mailhold::mail
