// GMime's parser over borrowed memory; the bounds of each content stream are the leaf.

#include "gmime_leaves.hpp"

#include <gmime/gmime.h>

namespace mailhold::test {

namespace {

struct Found {
    std::string_view raw;
    std::vector<std::string> bodies;
};

void visit(GMimeObject*, GMimeObject* part, gpointer user)
{
    auto& found = *static_cast<Found*>(user);
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage* message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (message != nullptr)
            g_mime_message_foreach(message, visit, user);
    }
    if (!GMIME_IS_PART(part))
        return;
    GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(part));
    if (content == nullptr) {
        found.bodies.emplace_back();
        return;
    }
    const GMimeStream* stream = g_mime_data_wrapper_get_stream(content);
    found.bodies.emplace_back(
        found.raw.substr(static_cast<std::size_t>(stream->bound_start),
                         static_cast<std::size_t>(stream->bound_end - stream->bound_start)));
}

}  // namespace

std::vector<std::string> gmime_leaves(std::string_view raw)
{
    g_mime_init();
    Found found{raw, {}};
    GMimeStream* stream = g_mime_stream_mem_new_with_buffer(raw.data(), raw.size());
    GMimeParser* parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    if (GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr)) {
        g_mime_message_foreach(message, visit, &found);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return found.bodies;
}

}  // namespace mailhold::test
