// Ring layout: 0 u8 version, 1 u8 flags, 2 u16 zero, 4 u32 epoch, 8 vault secret, 40 P, 72 I,
// 104 root secret when flag bit 0 is set.

#include "ring.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/vault/owner.hpp"

namespace mailhold::vault {

namespace {

constexpr std::byte ring_version{1};
constexpr std::byte flag_root{1};
constexpr std::size_t head_bytes = 8;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t root_bytes = 64;  // seed || public key, as libsodium keeps it
constexpr std::size_t reader_ring_bytes = head_bytes + 3 * key_bytes;
constexpr std::size_t owner_ring_bytes = reader_ring_bytes + root_bytes;

struct Ring {
    std::uint64_t epoch = 0;
    crypto::SecretBytes vault;
    crypto::SecretBytes key_p;
    crypto::SecretBytes key_i;
    crypto::SecretBytes root;  ///< empty: not an owner's
};

void put(std::span<std::byte>& out, Bytes bytes)
{
    std::ranges::copy(bytes, out.begin());
    out = out.subspan(bytes.size());
}

crypto::SecretBytes take(Bytes& rest, std::size_t length)
{
    crypto::SecretBytes secret(rest.first(length));
    rest = rest.subspan(length);
    return secret;
}

Ring parse(Bytes bytes)
{
    const bool is_owner = bytes.size() == owner_ring_bytes;
    if (bytes.size() < head_bytes || bytes[0] != ring_version ||
        (bytes[1] & ~flag_root) != std::byte{0})
        throw Error(ErrorKind::too_new, "a ring of keys was written by a newer mailhold");
    if ((!is_owner && bytes.size() != reader_ring_bytes) ||
        is_owner != ((bytes[1] & flag_root) != std::byte{0}) ||
        read_le<std::uint16_t>(bytes, 2) != 0)
        throw Error(ErrorKind::tampered, "a ring of keys is broken");
    Ring ring;
    ring.epoch = read_le<std::uint32_t>(bytes, 4);
    Bytes rest = bytes.subspan(head_bytes);
    ring.vault = take(rest, key_bytes);
    ring.key_p = take(rest, key_bytes);
    ring.key_i = take(rest, key_bytes);
    if (is_owner)
        ring.root = take(rest, root_bytes);
    return ring;
}

/// The keys are those that the signed log speaks of, or someone exchanged them.
void add_ring(ReaderKeys& keys, Ring ring, const EpochInfo& epoch, const RootLog& log)
{
    crypto::BoxPair vault = crypto::box_pair_from_secret(std::move(ring.vault));
    if (ring.epoch != epoch.n || vault.public_key != epoch.vault_key)
        throw Error(ErrorKind::tampered, "a ring holds the keys of another epoch");
    if (!ring.root.empty()) {
        crypto::SignPair root = crypto::sign_pair_from_secret(std::move(ring.root));
        if (root.public_key != log.root)
            throw Error(ErrorKind::tampered, "a ring holds another vault's root key");
        keys.root = std::move(root);
    }
    if (!keys.key_i.empty() && !crypto::same_secret(keys.key_i.view(), ring.key_i.view()))
        throw Error(ErrorKind::tampered, "two epochs disagree about the key of all ids");
    keys.key_i = std::move(ring.key_i);
    keys.epochs.push_back({epoch.n, std::move(vault), std::move(ring.key_p)});
}

/// Without the root secret, which only some rings have; returns the rest of `out`.
std::span<std::byte> put_ring(const ReaderKeys& keys, const ReaderKeys::Epoch& epoch,
                              std::byte flags, std::span<std::byte> out)
{
    ByteBuffer head{ring_version, flags, {}, {}};
    append_le(head, static_cast<std::uint32_t>(epoch.n));
    put(out, head);
    put(out, epoch.vault_pair.secret.view());
    put(out, epoch.key_p.view());
    put(out, keys.key_i.view());
    return out;
}

}  // namespace

ByteBuffer seal_ring(const ReaderKeys& keys, const ReaderKeys::Epoch& epoch,
                     const crypto::BoxPublicKey& slot)
{
    crypto::SecretBytes ring(keys.root ? owner_ring_bytes : reader_ring_bytes);
    std::span<std::byte> rest =
        put_ring(keys, epoch, keys.root ? flag_root : std::byte{0}, ring.writable());
    if (keys.root)
        put(rest, keys.root->secret.view());
    return crypto::box_seal_checked(slot, ring.view());
}

ReaderKeys open_rings(const RootLog& log, const crypto::SlotId& slot, const crypto::BoxPair& pair)
{
    ReaderKeys keys;
    for (const EpochInfo& epoch : log.epochs) {
        const auto sealed = epoch.rings.find(slot);
        if (sealed == epoch.rings.end())
            continue;
        const auto opened = crypto::box_open(pair, sealed->second);
        if (!opened)
            throw Error(ErrorKind::tampered,
                        fmt::format("the slot does not open its ring of epoch {}", epoch.n));
        add_ring(keys, parse(opened->view()), epoch, log);
    }
    if (keys.epochs.empty())
        throw Error(ErrorKind::damaged, "the slot has no ring in any epoch");
    return keys;
}

crypto::SecretBytes pack_for_reading(const ReaderKeys& keys)
{
    crypto::SecretBytes packed(keys.epochs.size() * reader_ring_bytes);
    std::span<std::byte> rest = packed.writable();
    for (const ReaderKeys::Epoch& epoch : keys.epochs)
        rest = put_ring(keys, epoch, std::byte{0}, rest);
    return packed;
}

std::optional<ReaderKeys> unpack_for_reading(const RootLog& log, Bytes packed)
{
    if (packed.size() != log.epochs.size() * reader_ring_bytes)
        return std::nullopt;
    ReaderKeys keys;
    try {
        for (const EpochInfo& epoch : log.epochs) {
            add_ring(keys, parse(packed.first(reader_ring_bytes)), epoch, log);
            packed = packed.subspan(reader_ring_bytes);
        }
    } catch (const Error&) {
        return std::nullopt;  // not ours: the passphrase decides
    }
    return keys;
}

}  // namespace mailhold::vault
