// libxml2's push parser.

#include "document_xml.hpp"

#include <cstring>

#include <libxml/parser.h>

#include "mailhold/base/callback_guard.hpp"

namespace mailhold::mail {

namespace {

std::string_view text_of_xml(const xmlChar* text)
{
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

struct FreeContext {
    /// Declarations make a document even where nobody listens to them.
    void operator()(xmlParserCtxt* context) const
    {
        xmlFreeDoc(context->myDoc);
        xmlFreeParserCtxt(context);
    }
};

}  // namespace

std::string_view XmlAttributes::value(std::string_view name) const
{
    for (int i = 0; i < count_; ++i) {
        const unsigned char** field = fields_ + 5 * i;  // name, prefix, URI, value, end of value
        if (text_of_xml(field[0]) == name)
            return {reinterpret_cast<const char*>(field[3]),
                    static_cast<std::size_t>(field[4] - field[3])};
    }
    return {};
}

struct XmlReader::State {
    explicit State(XmlVisitor& told) : visitor(told)
    {
        xmlSAXHandler handler{};
        handler.initialized = XML_SAX2_MAGIC;
        handler.startElementNs = on_open;
        handler.endElementNs = on_close;
        handler.characters = on_text;
        handler.cdataBlock = on_text;
        // Without handlers for declarations an entity stays unknown, and cannot grow.
        context.reset(xmlCreatePushParserCtxt(&handler, this, nullptr, 0, nullptr));
        if (!context)
            throw std::bad_alloc();
        xmlCtxtUseOptions(context.get(), XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                             XML_PARSE_NOWARNING);
    }

    template <class Work>
    void run(Work work)
    {
        constexpr bool failed = false;
        if (!guard.run(failed, [&] { return work(), true; }))
            xmlStopParser(context.get());
    }

    static void on_open(void* self, const xmlChar* name, const xmlChar* /*prefix*/,
                        const xmlChar* /*uri*/, int /*namespaces*/, const xmlChar** /*declared*/,
                        int attributes, int /*defaulted*/, const xmlChar** fields)
    {
        auto& state = *static_cast<State*>(self);
        state.run(
            [&] { state.visitor.open(text_of_xml(name), XmlAttributes(fields, attributes)); });
    }

    static void on_close(void* self, const xmlChar* name, const xmlChar* /*prefix*/,
                         const xmlChar* /*uri*/)
    {
        auto& state = *static_cast<State*>(self);
        state.run([&] { state.visitor.close(text_of_xml(name)); });
    }

    static void on_text(void* self, const xmlChar* text, int bytes)
    {
        auto& state = *static_cast<State*>(self);
        state.run([&] {
            state.visitor.text(
                {reinterpret_cast<const char*>(text), static_cast<std::size_t>(bytes)});
        });
    }

    XmlVisitor& visitor;
    CallbackGuard guard;
    std::unique_ptr<xmlParserCtxt, FreeContext> context;
};

XmlReader::XmlReader(XmlVisitor& visitor) : state_(std::make_unique<State>(visitor)) {}

XmlReader::~XmlReader() = default;

bool XmlReader::feed(Bytes piece)
{
    xmlParseChunk(state_->context.get(), reinterpret_cast<const char*>(piece.data()),
                  static_cast<int>(piece.size()), 0);
    state_->guard.rethrow();
    return state_->context->errNo == XML_ERR_OK || state_->context->disableSAX == 0;
}

bool XmlReader::finish()
{
    xmlParseChunk(state_->context.get(), nullptr, 0, 1);
    state_->guard.rethrow();
    return state_->context->wellFormed != 0;
}

}  // namespace mailhold::mail
