// Properties to fields and parts; attached messages are taken apart in the same way.

#include "pst_message.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "charset.hpp"
#include "document_reading.hpp"

namespace mailhold::mail {

namespace {

constexpr unsigned deepest = 10;  // messages in one another

// libpst calls them so (PST_TYPE_…).
constexpr int note = PST_TYPE_NOTE;
constexpr int meeting = PST_TYPE_SCHEDULE;
constexpr int report = PST_TYPE_REPORT;

// Values of PidTagLastVerbExecuted (MS-OXOMSG 2.2.1.14) and PidTagFlagStatus (MS-OXOFLAG 2.2.1.1).
constexpr int verb_reply = 102;
constexpr int verb_reply_all = 103;
constexpr int verb_forward = 104;
constexpr int flagged = 2;

/// libpst makes none for a message of a subject and a text alone.
const pst_item_email& email_of(const pst_item& item)
{
    static const pst_item_email nothing{};
    return item.email != nullptr ? *item.email : nothing;
}

bool has_at(std::string_view text)
{
    return text.find('@') != std::string_view::npos;
}

bool has_text(const pst_string& text)
{
    return !bytes_of_text(text).empty();
}

std::vector<Mailbox> one_mailbox(std::string name, std::string address)
{
    if (name.empty() && address.empty())
        return {};
    return {{std::move(name), std::move(address)}};
}

/// Exchange gives addresses of its own, which are of no use outside; the SMTP one stands apart.
std::string address_of(const std::string& smtp, const std::string& address)
{
    return has_at(smtp) ? smtp : address;
}

/// Outlook shows several recipients parted by "; ".
std::vector<Mailbox> shown_names(std::string_view shown)
{
    std::vector<Mailbox> out;
    while (!shown.empty()) {
        const std::size_t end = std::min(shown.find(';'), shown.size());
        const std::string name = single_line(shown.substr(0, end));
        if (!name.empty())
            out.push_back(has_at(name) ? Mailbox{{}, name} : Mailbox{name, {}});
        shown.remove_prefix(std::min(end + 1, shown.size()));
    }
    return out;
}

/// MS-OXRTFCP 2.1.3.1: what is not compressed stands behind the same header, which libpst does not
/// look at.
std::string unpacked_rtf(const pst_binary& packed)
{
    constexpr std::size_t header_bytes = 16;
    constexpr std::size_t kind_at = 8;
    constexpr std::string_view uncompressed = "MELA";
    const std::string_view bytes(packed.data, packed.size);
    if (bytes.size() <= header_bytes)
        return {};
    if (bytes.substr(kind_at).starts_with(uncompressed))
        return std::string(bytes.substr(header_bytes));
    std::size_t size = 0;
    const PstMemory rtf(
        pst_lzfu_decompress(packed.data, static_cast<std::uint32_t>(packed.size), &size));
    return rtf ? std::string(rtf.get(), size) : std::string();
}

/// Text that RTF holds, for those who cannot show it.
std::string text_of_rtf(std::string_view rtf)
{
    Reading reading({});
    read_rtf(bytes_of(rtf), reading);
    return std::move(reading).result().text;
}

class MessageReader {
public:
    MessageReader(pst_file& file, std::uint64_t limit_bytes, unsigned depth)
        : file_(file), left_bytes_(limit_bytes), depth_(depth)
    {
    }

    ReadMessage read(const pst_item& item)
    {
        std::vector<pst_item_attach*> rows;
        for (pst_item_attach* row = item.attach; row != nullptr; row = row->next)
            rows.push_back(row);
        std::ranges::reverse(rows);  // libpst has the first at the end
        read_header(item);
        read_recipients(item, rows);
        read_bodies(item);
        for (pst_item_attach* row : rows)
            if (!kept::recipient_of(*row))
                read_attachment(item, *row);
        if (unread_ > 0)
            out_.trouble = fmt::format("{} of its attachments could not be read", unread_);
        return std::move(out_);
    }

private:
    void read_header(const pst_item& item)
    {
        const pst_item_email& email = email_of(item);
        OutlookMessage& message = out_.message;
        message.internet_header = utf8_of(item, email.header);
        message.subject = utf8_of(item, email.header.str == nullptr || has_text(item.subject)
                                            ? item.subject
                                            : email.processed_subject);
        message.from = one_mailbox(
            utf8_of(item, email.outlook_sender_name),
            address_of(kept::text(item, kept::from_smtp), utf8_of(item, email.sender_address)));
        message.sender = one_mailbox(
            utf8_of(item, email.outlook_sender_name2),
            address_of(kept::text(item, kept::sender_smtp), utf8_of(item, email.sender2_address)));
        if (message.from.empty())
            message.from = std::exchange(message.sender, {});
        else if (!message.sender.empty() &&
                 message.sender.front().address == message.from.front().address)
            message.sender.clear();
        message.date = epoch_of(email.sent_date);
        if (!message.date)
            message.date = epoch_of(email.arrival_date);
        message.message_id = utf8_of(item, email.messageid);
        message.in_reply_to = utf8_of(item, email.in_reply_to);
        message.references = kept::text(item, kept::references);
    }

    void read_recipients(const pst_item& item, const std::vector<pst_item_attach*>& rows)
    {
        OutlookMessage& message = out_.message;
        std::array<std::vector<Mailbox>*, 4> lists{nullptr, &message.to, &message.cc, &message.bcc};
        for (const pst_item_attach* row : rows) {
            const auto recipient = kept::recipient_of(*row);
            if (!recipient || recipient->kind < 1 || recipient->kind > 3)
                continue;
            lists.at(static_cast<std::size_t>(recipient->kind))
                ->push_back({utf8_of(item, recipient->name),
                             address_of(utf8_of(item, recipient->smtp_address),
                                        utf8_of(item, recipient->address))});
        }
        const pst_item_email& email = email_of(item);
        if (message.to.empty() && message.cc.empty() && message.bcc.empty()) {
            message.to = shown_names(utf8_of(item, email.sentto_address));
            message.cc = shown_names(utf8_of(item, email.cc_address));
            message.bcc = shown_names(utf8_of(item, email.bcc_address));
        }
    }

    void read_bodies(const pst_item& item)
    {
        const pst_item_email& email = email_of(item);
        OutlookMessage& message = out_.message;
        message.text = utf8_of(item, has_text(item.body) ? item.body : email.report_text);
        message.html = bytes_of_text(email.htmlbody);
        const int page = item.internet_cpid != 0 ? item.internet_cpid : item.message_codepage;
        message.html_charset = email.htmlbody.is_utf8 != 0 ? "utf-8" : charset_of_page(page);
        if (message.text.empty() && message.html.empty() && email.rtf_compressed.data != nullptr) {
            message.rtf = unpacked_rtf(email.rtf_compressed);
            message.text = text_of_rtf(message.rtf);
        }
        spend(message.text.size() + message.html.size() + message.rtf.size());
    }

    void read_attachment(const pst_item& item, pst_item_attach& attach)
    {
        if (attach.method == PST_ATTACH_NONE && attach.data.data == nullptr && attach.i_id == 0)
            return;
        const bool is_message = attach.method == PST_ATTACH_EMBEDDED;
        OutlookAttachment out{
            .name = utf8_of(item, has_text(attach.filename2) ? attach.filename2 : attach.filename1),
            .media_type = utf8_of(item, attach.mimetype),
            .content_id = utf8_of(item, attach.content_id),
            .content = {},
            .is_message = is_message};
        const bool is_read =
            is_message ? read_embedded(attach, out.content) : read_content(attach, out.content);
        if (!is_read) {
            ++unread_;
            return;
        }
        spend(out.content.size());
        if (!out_.is_too_large)
            out_.message.attachments.push_back(std::move(out));
    }

    bool read_content(pst_item_attach& attach, std::string& content)
    {
        const bool must_be_there = attach.data.data != nullptr || attach.i_id != 0;
        const pst_binary got = pst_attach_to_mem(&file_, &attach);
        const PstMemory owner(got.data);
        if (got.data != nullptr)
            content.assign(got.data, got.size);
        return !must_be_there || !content.empty();
    }

    bool read_embedded(const pst_item_attach& attach, std::string& content)
    {
        pst_index_ll* block = pst_getID(&file_, attach.i_id);
        if (block == nullptr || depth_ >= deepest)
            return false;
        pst_desc_tree place{};
        place.desc = block;
        const PstItem inner(pst_parse_item(&file_, &place, attach.id2_head));
        if (!inner)
            return false;
        ReadMessage read = MessageReader(file_, left_bytes_, depth_ + 1).read(*inner);
        out_.is_too_large = out_.is_too_large || read.is_too_large;
        unread_ += read.trouble.empty() ? 0 : 1;
        content = composed(std::move(read.message));
        return true;
    }

    void spend(std::uint64_t bytes)
    {
        out_.is_too_large = out_.is_too_large || bytes > left_bytes_;
        left_bytes_ -= std::min(bytes, left_bytes_);
    }

    pst_file& file_;
    std::uint64_t left_bytes_;
    unsigned depth_;
    unsigned unread_ = 0;
    ReadMessage out_;
};

}  // namespace

bool is_mail(const pst_item& item)
{
    if (item.type == note || item.type == meeting || item.type == report)
        return true;
    const pst_item_email& email = email_of(item);
    const bool was_sent = email.header.str != nullptr || has_text(email.sender_address) ||
                          has_text(email.sender2_address);
    return (item.type == 0 || item.type == PST_TYPE_OTHER) && was_sent;
}

ReadMessage message_of(pst_file& file, const pst_item& item, std::uint64_t limit_bytes)
{
    return MessageReader(file, limit_bytes, 0).read(item);
}

Flags flags_of(const pst_item& item)
{
    Flags flags;
    const auto add_if = [&](bool is_set, const char* flag) {
        if (is_set)
            flags.emplace_back(flag);
    };
    const int verb = kept::last_verb(item);
    add_if((item.flags & PST_FLAG_READ) != 0, "\\Seen");
    add_if((item.flags & PST_FLAG_UNSENT) != 0, "\\Draft");
    add_if(verb == verb_reply || verb == verb_reply_all, "\\Answered");
    add_if(verb == verb_forward, "$Forwarded");
    add_if(kept::flag_status(item) == flagged, "\\Flagged");
    return normalised_flags(std::move(flags));
}

std::optional<InternalDate> internal_date_of(const pst_item& item)
{
    for (const FILETIME* time : {email_of(item).arrival_date, email_of(item).sent_date})
        if (const auto epoch = epoch_of(time))
            return InternalDate{*epoch, 0};
    return std::nullopt;
}

}  // namespace mailhold::mail
