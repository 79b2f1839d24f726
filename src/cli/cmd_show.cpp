// mailhold show: one message for a person, or its original bytes.

#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/mail/reading.hpp"

#include "commands.hpp"
#include "indexing.hpp"
#include "lookup.hpp"
#include "message_view.hpp"

namespace mailhold::cli {
namespace {

struct ShowOptions {
    std::string id;
    bool raw = false;
    unsigned part = 0;
    std::filesystem::path output;
};

void write_out(Bytes bytes, const std::filesystem::path& output, std::ostream& out)
{
    if (output.empty() || output == "-") {
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        return;
    }
    const FileDescriptor file = create_file(output);
    write_all(file, bytes, output);
    sync_file(file, output);
}

Json placements_json(const catalog::Catalog& catalog, const crypto::ContentId& id)
{
    Json placements = Json::array();
    for (const Lying& lying : where_it_lies(catalog, id)) {
        Json flags = Json::array();
        for (const std::string& flag : lying.placement.flags)
            flags.push_back(flag);
        placements.push_back(
            Json::object({{"account", lying.address},
                          {"folder", lying.folder},
                          {"flags", std::move(flags)},
                          {"gone_since", lying.placement.gone_since
                                             ? Json(format_utc(*lying.placement.gone_since))
                                             : Json()}}));
    }
    return placements;
}

Json strings_json(const std::vector<std::string>& strings)
{
    Json array = Json::array();
    for (const std::string& text : strings)
        array.push_back(text);
    return array;
}

Json message_json(const catalog::Catalog& catalog, const crypto::ContentId& id,
                  const mail::Readable& message, std::uint64_t size)
{
    Json attachments = Json::array();
    for (const mail::Attachment& attachment : message.attachments)
        attachments.push_back(Json::object({{"part", attachment.number},
                                            {"name", attachment.file_name},
                                            {"type", attachment.media_type},
                                            {"bytes", attachment.size_bytes}}));
    return Json::object({{"id", id.hex()},
                         {"date", message.date ? Json(format_rfc3339(*message.date)) : Json()},
                         {"from", message.from},
                         {"to", strings_json(message.to)},
                         {"cc", strings_json(message.cc)},
                         {"subject", message.subject},
                         {"message_id", message.message_id},
                         {"bytes", size},
                         {"text", message.text},
                         {"attachments", std::move(attachments)},
                         {"placements", placements_json(catalog, id)}});
}

void run_show(const ShowOptions& options, Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const vault::ReaderKeys keys = session.unlock(*ledger);
    const crypto::ContentId id = find_message(*ledger, options.id);
    ledger::Library library(ledger->store(), keys, ledger->catalog());
    const ByteBuffer raw = library.message(id);
    if (options.part > 0) {
        const auto part = mail::read_attachment(raw, options.part);
        if (!part)
            throw Error(
                ErrorKind::not_found,
                fmt::format("message {} has no part {}", id.hex().substr(0, 12), options.part),
                "`mailhold show ID` lists the parts");
        write_out(*part, options.output, session.out);
    } else if (options.raw) {
        write_out(raw, options.output, session.out);
    } else if (session.options.json) {
        session.print_json(
            message_json(ledger->catalog(), id, mail::read_message(raw), raw.size()));
    } else {
        const mail::Readable message = mail::read_message(raw);
        session.out << message_for_terminal({.id = id,
                                             .size_bytes = raw.size(),
                                             .places = where_it_lies(ledger->catalog(), id),
                                             .message = message});
    }
    tend_index(session, ledger->catalog(), keys);
}

}  // namespace

void add_show_command(const Command& app, Session& session)
{
    auto options = std::make_shared<ShowOptions>();
    const Command command =
        app.add_command("show", "One message: headers, text, attachments, or original bytes");
    command.add_option("id", options->id, "Content id, or at least 6 digits of it").required();
    const Option raw = command.add_flag("--raw", options->raw, "The original bytes");
    command.add_option("--part", options->part, "One attachment, decoded").positive().excludes(raw);
    command.add_option("-o,--output", options->output,
                       "Into this new file instead of standard output");
    command.footer(
        help_footer("mailhold show 3f9a61c20b7d --part 2 -o quote.pdf",
                    "0 done, 2 usage, 3 damaged, 10 no such message, 12 wrong passphrase"));
    command.runs([options, &session] { run_show(*options, session); });
}

}  // namespace mailhold::cli
