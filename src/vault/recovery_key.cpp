// The recovery key as people copy it, and the sheet it is printed on.

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/vault/owner.hpp"
#include "slot.hpp"
#include "wipe.hpp"

namespace mailhold::vault {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t key_bytes = 32;
constexpr std::size_t check_bytes = 3;
constexpr std::size_t group_letters = 4;

ByteBuffer check_of(Bytes key)
{
    crypto::Hasher hasher;
    hasher.add(bytes_of("mailhold-recovery-v1\0"sv));
    hasher.add(key);
    return copy_of(hasher.finish().bytes().first(check_bytes));
}

std::string in_groups(std::string_view letters)
{
    std::string text;
    for (std::size_t i = 0; i < letters.size(); i += group_letters) {
        if (i > 0)
            text += ' ';
        text += letters.substr(i, group_letters);
    }
    return text;
}

}  // namespace

Bytes without_line_end(Bytes passphrase)
{
    std::string_view text = text_of(passphrase);
    if (text.ends_with('\n'))
        text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
    return bytes_of(text);
}

RecoveryKey new_recovery_key()
{
    RecoveryKey key{.bytes = crypto::random_secret(key_bytes), .printed = {}};
    ByteBuffer whole;
    whole.reserve(key_bytes + check_bytes);
    const WipedAtEnd wipe_whole(whole);
    append(whole, key.bytes.view());
    append(whole, check_of(key.bytes.view()));
    std::string letters = crypto::to_base32(whole);
    const WipedAtEnd wipe_letters(letters);
    key.printed = in_groups(letters);
    return key;
}

crypto::SecretBytes parse_recovery_key(std::string_view printed)
{
    const auto whole = crypto::from_base32(printed);
    if (!whole || whole->size() != key_bytes + check_bytes)
        throw Error(ErrorKind::usage, "a recovery key is 14 groups of 4 letters and digits",
                    "copy it from the recovery sheet");
    const Bytes key = whole->view().first(key_bytes);
    if (!equal(check_of(key), whole->view().subspan(key_bytes)))
        throw Error(ErrorKind::usage, "the recovery key is mistyped",
                    "compare it with the recovery sheet, letter by letter");
    return crypto::SecretBytes(key);
}

std::string recovery_sheet(const RootLog& log, std::string_view recovery_key,
                           std::string_view store_description)
{
    return fmt::format(
        "mailhold recovery sheet\n"
        "=======================\n\n"
        "vault             {}\n"
        "stored at         {}\n"
        "root fingerprint  {}\n\n"
        "recovery key      {}\n"
        "                  {}\n\n"
        "Who has this key and the vault can read all mail in it, without any passphrase.\n"
        "Print this sheet, keep it where only the owner can get it, and delete the file.\n\n"
        "To use it: install mailhold, copy the vault back, name it in the configuration, and give\n"
        "the key to any command that asks for the passphrase. When mailhold shows\n"
        "another root fingerprint than the one above, it is not the vault you made: stop and "
        "look.\n",
        log.vault.hex(), store_description, log.fingerprint(),
        recovery_key.substr(0, recovery_key.size() / 2),
        recovery_key.substr(recovery_key.size() / 2 + 1));
}

}  // namespace mailhold::vault
