#pragma once
// libpst's handles and texts. Everything here runs in a worker process only: libpst trusts what it
// reads.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

extern "C" {
#include <libpst/libpst.h>
#include <libpst/lzfu.h>
}

#include "mailhold/base/identifiers.hpp"

namespace mailhold::mail {

struct FreeItem {
    void operator()(pst_item* item) const { pst_freeItem(item); }
};
using PstItem = std::unique_ptr<pst_item, FreeItem>;

struct FreePstMemory {
    void operator()(char* memory) const { std::free(memory); }
};
using PstMemory = std::unique_ptr<char, FreePstMemory>;

/// The charset that a code page of Windows is called in mail; empty when there is none.
std::string charset_of_page(int code_page);

/// A text of `item` as UTF-8; empty where there is none.
std::string utf8_of(const pst_item& item, const pst_string& text);

std::string_view bytes_of_text(const pst_string& text);

/// Nothing for what lies outside of the years 1970 to 9999.
std::optional<std::int64_t> epoch_of(const FILETIME* time);

/// libpst keeps the properties that it has fields for, and finds those by a table of names which it
/// reads from the file. Entries put in front of that table make it keep what it would drop: the
/// recipients' addresses, among others, which sent mail has nowhere else. A name is looked up for
/// each property of each item; items that are no mail are read without.
class PropertyTable {
public:
    explicit PropertyTable(pst_file& file);
    ~PropertyTable();
    PropertyTable(const PropertyTable&) = delete;
    PropertyTable& operator=(const PropertyTable&) = delete;

private:
    pst_file& file_;
    pst_x_attrib_ll* original_;
};

/// What PropertyTable has libpst keep.
namespace kept {

inline constexpr std::string_view references = "mailhold-references";
inline constexpr std::string_view sender_smtp = "mailhold-sender-smtp";
inline constexpr std::string_view from_smtp = "mailhold-from-smtp";

std::string text(const pst_item& item, std::string_view name);
int last_verb(const pst_item& item);
int flag_status(const pst_item& item);

/// A row of the table of recipients, which libpst takes for an attachment.
struct Recipient {
    int kind;  ///< 1 to, 2 cc, 3 bcc (MS-OXOMSG 2.2.3.1.2 and its 0x10000000 are masked)
    const pst_string& name;
    const pst_string& address_type;
    const pst_string& address;
    const pst_string& smtp_address;
};
/// nullopt: it is an attachment indeed.
std::optional<Recipient> recipient_of(const pst_item_attach& row);

}  // namespace kept

}  // namespace mailhold::mail
