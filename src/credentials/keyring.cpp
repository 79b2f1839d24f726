// Keys of type "user" in the user keyring: it outlives terminals, and every login of the user
// shares it. Session keyrings would not do: without pam_keyinit each process has its own.
//
// Payload: 8 bytes, the second since 1970 in which the kernel forgets it; then the secret.

#include "mailhold/credentials/keyring.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <keyutils.h>

#include "mailhold/base/error.hpp"

namespace mailhold::credentials {

namespace {

constexpr const char* key_type = "user";
constexpr std::size_t time_bytes = 8;

/// Whoever possesses it, and this user's other processes; nobody else.
constexpr key_perm_t permissions = KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_POS_LINK |
                                   KEY_POS_SETATTR | KEY_USR_VIEW | KEY_USR_READ | KEY_USR_SEARCH;

[[noreturn]] void throw_refused(std::string_view doing)
{
    const int problem = errno;
    const bool is_full = problem == EDQUOT || problem == ENOMEM;
    throw Error(ErrorKind::refused,
                fmt::format("{} the kernel's keyring failed: {}", doing, std::strerror(problem)),
                is_full ? "the user's key quota is full; `keyctl list @u` shows what fills it"
                        : "this kernel or container keeps no keys for users; give the passphrase "
                          "with each command, or with --passphrase-command");
}

/// Reading a key takes possession, which goes through the session.
void link_user_keyring()
{
    keyctl_link(KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING);
}

std::optional<key_serial_t> find(const std::string& name)
{
    link_user_keyring();
    const long found = keyctl_search(KEY_SPEC_USER_KEYRING, key_type, name.c_str(), 0);
    if (found < 0)
        return std::nullopt;
    return static_cast<key_serial_t>(found);
}

/// A new key that only this process sees, and that goes with it unless it is linked.
class NewKey {
public:
    NewKey(const std::string& name, Bytes payload)
        : key_(add_key(key_type, name.c_str(), payload.data(), payload.size(),
                       KEY_SPEC_PROCESS_KEYRING))
    {
        if (key_ < 0)
            throw_refused("keeping a key in");
    }
    ~NewKey() { keyctl_unlink(key_, KEY_SPEC_PROCESS_KEYRING); }
    NewKey(const NewKey&) = delete;
    NewKey& operator=(const NewKey&) = delete;

    key_serial_t get() const { return key_; }

private:
    key_serial_t key_;
};

crypto::SecretBytes payload_of(Bytes secret, Time until)
{
    crypto::SecretBytes payload(time_bytes + secret.size());
    ByteBuffer time;
    append_le(time, static_cast<std::uint64_t>(until));
    std::ranges::copy(time, payload.writable().begin());
    std::ranges::copy(secret, payload.writable().begin() + time_bytes);
    return payload;
}

std::optional<crypto::SecretBytes> read(key_serial_t key)
{
    crypto::SecretBytes buffer(time_bytes + max_kept_bytes);
    const std::span<std::byte> room = buffer.writable();
    const long size = keyctl_read(key, reinterpret_cast<char*>(room.data()), room.size());
    if (size < static_cast<long>(time_bytes) || static_cast<std::size_t>(size) > room.size())
        return std::nullopt;
    return crypto::SecretBytes(buffer.view().first(static_cast<std::size_t>(size)));
}

}  // namespace

void keep_secret(const std::string& name, Bytes secret, std::chrono::seconds duration)
{
    if (secret.size() > max_kept_bytes)
        throw Error(ErrorKind::usage, "the secret is too large for the kernel's keyring");
    const Time until = static_cast<Time>(static_cast<std::int64_t>(now()) + duration.count());
    const crypto::SecretBytes payload = payload_of(secret, until);
    drop_secret(name);
    // Bounded and closed to others before anybody can find it.
    const NewKey key(name, payload.view());
    if (keyctl_set_timeout(key.get(), static_cast<unsigned>(duration.count())) < 0)
        throw_refused("limiting the time of a key in");
    if (keyctl_setperm(key.get(), permissions) < 0)
        throw_refused("protecting a key in");
    if (keyctl_link(key.get(), KEY_SPEC_USER_KEYRING) < 0)
        throw_refused("keeping a key in");
    const auto kept = kept_secret(name);
    if (!kept || !crypto::same_secret(kept->secret.view(), secret)) {
        drop_secret(name);
        errno = EACCES;
        throw_refused("reading back from");
    }
}

std::optional<KeptSecret> kept_secret(const std::string& name)
{
    const auto key = find(name);
    const auto payload = key ? read(*key) : std::nullopt;
    if (!payload)
        return std::nullopt;
    return KeptSecret{crypto::SecretBytes(payload->view().subspan(time_bytes)),
                      static_cast<Time>(read_le<std::uint64_t>(payload->view(), 0))};
}

bool drop_secret(const std::string& name)
{
    const auto key = find(name);
    if (!key)
        return false;
    // Unlinking alone would leave it to sessions that linked it.
    keyctl_invalidate(*key);
    keyctl_unlink(*key, KEY_SPEC_USER_KEYRING);
    return true;
}

}  // namespace mailhold::credentials
