// A writer's chain without keys: what is missing, damaged, forged, forked or written too late.

#include "names.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ChainTest : public test::VaultTest {
protected:
    /// Publishes an entry that follows `previous` and adds an object named after its seq and
    /// `salt`.
    SealedEntry put(std::uint64_t seq, const crypto::Hash& previous, std::string_view salt = "")
    {
        const SealedEntry entry = seal(vault.kit, seq, previous, salt);
        store.put_new(entry.name, entry.bytes);
        return entry;
    }

    static SealedEntry seal(const WriterKit& kit, std::uint64_t seq, const crypto::Hash& previous,
                            std::string_view salt = "")
    {
        EntryDraft draft({parse_utc("2026-03-09T08:07:06Z").value(), std::string(salt), 1});
        draft.add(ArchiveAdded{object(seq, salt), seq, {}, {}});
        return seal_entry(kit, seq, previous, draft, {});
    }

    static crypto::Hash object(std::uint64_t seq, std::string_view salt = "")
    {
        return crypto::hash(bytes_of(std::to_string(seq) + std::string(salt)));
    }

    /// A chain of `length` entries.
    std::vector<SealedEntry> put_chain(std::uint64_t length)
    {
        std::vector<SealedEntry> entries;
        for (std::uint64_t seq = 1; seq <= length; ++seq)
            entries.push_back(put(seq, entries.empty() ? crypto::Hash{} : entries.back().hash));
        return entries;
    }

    CheckedChain check() const { return check_by(vault.kit.writer, read_log()); }
    CheckedChain check_by(const crypto::WriterId& writer, const RootLog& log) const
    {
        return check_chain(store, log, writer, list_journal(store).chains[writer]);
    }

    static std::vector<std::uint64_t> seqs(const CheckedChain& chain)
    {
        std::vector<std::uint64_t> result;
        for (const EntryName& name : chain.sound)
            result.push_back(name.seq);
        return result;
    }
    static std::vector<std::pair<ChainFaultKind, std::uint64_t>> faults(const CheckedChain& chain)
    {
        std::vector<std::pair<ChainFaultKind, std::uint64_t>> result;
        for (const ChainFault& fault : chain.faults)
            result.emplace_back(fault.kind, fault.seq);
        return result;
    }
    static auto fault(ChainFaultKind kind, std::uint64_t seq) { return std::pair{kind, seq}; }
};

TEST_F(ChainTest, AWholeChainIsSound)
{
    put_chain(4);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(chain.faults, IsEmpty());
    EXPECT_EQ(chain.objects.size(), 4u);
    EXPECT_EQ(chain.objects.at(object(3)).length, 3u);
}

TEST_F(ChainTest, AnEmptyChainIsSound)
{
    EXPECT_THAT(check().faults, IsEmpty());
    EXPECT_THAT(check_by(crypto::WriterId{}, read_log()).faults, IsEmpty());
}

TEST_F(ChainTest, ListingFindsEveryChainAndEveryStranger)
{
    put_chain(2);
    store.put_new("journal/README", bytes_of("x"));
    store.put_new("journal/" + vault.kit.writer.hex() + "/notes", bytes_of("x"));
    const JournalListing listing = list_journal(store);
    ASSERT_EQ(listing.chains.size(), 1u);
    EXPECT_EQ(listing.chains.at(vault.kit.writer).size(), 2u);
    EXPECT_EQ(listing.strangers.size(), 2u);
}

TEST_F(ChainTest, AMissingEntryIsNamedByTheOneAfterIt)
{
    const auto entries = put_chain(4);
    store.objects.erase(entries[1].name);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1, 3, 4));
    EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::missing, 2)));
    EXPECT_EQ(chain.faults[0].object, entries[1].name);
}

TEST_F(ChainTest, AMissingBeginningIsOneFault)
{
    const auto entries = put_chain(4);
    for (int i = 0; i < 3; ++i)
        store.objects.erase(entries[i].name);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(4));
    EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::missing, 3)));
    EXPECT_EQ(chain.faults[0].detail, "entries 1 to 3 are not there");
}

TEST_F(ChainTest, EveryFlippedBitIsDamageToThatEntryOnly)
{
    const auto entries = put_chain(3);
    test::for_each_flipped_bit(store.objects.at(entries[1].name), [&](std::size_t at) {
        const CheckedChain chain = check();
        EXPECT_THAT(seqs(chain), ElementsAre(1, 3)) << at;
        EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::damaged, 2))) << at;
    });
}

// Bytes under the name they hash to, yet not what the writer signed.
TEST_F(ChainTest, EveryFlippedBitUnderItsOwnHashIsTampering)
{
    const auto entries = put_chain(2);
    ByteBuffer bytes = entries[1].bytes;
    store.objects.erase(entries[1].name);
    test::for_each_flipped_bit(bytes, [&](std::size_t at) {
        const std::string name = journal_name(vault.kit.writer, 2, crypto::hash(bytes));
        store.put_new(name, bytes);
        const CheckedChain chain = check();
        EXPECT_THAT(seqs(chain), ElementsAre(1)) << at;
        ASSERT_EQ(chain.faults.size(), 1u) << at;
        EXPECT_TRUE(chain.faults[0].kind == ChainFaultKind::tampered ||
                    chain.faults[0].kind == ChainFaultKind::too_new)
            << at;
        store.objects.erase(name);
    });
}

TEST_F(ChainTest, SwappedEntriesAreTampering)
{
    const auto entries = put_chain(3);
    for (const auto& entry : {entries[1], entries[2]})
        store.objects.erase(entry.name);
    store.put_new(journal_name(vault.kit.writer, 2, entries[2].hash), entries[2].bytes);
    store.put_new(journal_name(vault.kit.writer, 3, entries[1].hash), entries[1].bytes);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1));
    EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::tampered, 2),
                                           fault(ChainFaultKind::tampered, 3)));
}

TEST_F(ChainTest, OfAForkBothBranchesAreSound)
{
    const auto entries = put_chain(3);
    const SealedEntry other2 = put(2, entries[0].hash, "clone");
    put(3, other2.hash, "clone");
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1, 2, 2, 3, 3));
    EXPECT_THAT(faults(chain),
                ElementsAre(fault(ChainFaultKind::fork, 2), fault(ChainFaultKind::fork, 3)));
    EXPECT_TRUE(chain.objects.contains(object(2, "clone")));
}

TEST_F(ChainTest, AForkThatLostABranchIsAGap)
{
    const auto entries = put_chain(3);
    const SealedEntry other2 = put(2, entries[0].hash, "clone");
    store.objects.erase(entries[1].name);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1, 2, 3));
    EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::missing, 2)));
    EXPECT_EQ(chain.faults[0].object, entries[1].name);
}

TEST_F(ChainTest, AWriterThatNobodyCertifiedIsNotApplied)
{
    WriterKit forged = std::move(vault.kit);
    forged.signing = crypto::new_sign_pair();
    forged.writer = writer_id_of(forged.signing.public_key);
    const SealedEntry entry = seal(forged, 1, {});
    store.put_new(entry.name, entry.bytes);
    const CheckedChain chain = check_by(forged.writer, read_log());
    EXPECT_THAT(chain.sound, IsEmpty());
    EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::uncertified, 1)));
}

TEST_F(ChainTest, AnothersEntryInThisChainIsTampering)
{
    const NewWriter other = add_writer(store, vault.log, keys, "other");
    const SealedEntry entry = seal(other.kit, 1, {});
    store.put_new(journal_name(vault.kit.writer, 1, entry.hash), entry.bytes);
    EXPECT_THAT(faults(check()), ElementsAre(fault(ChainFaultKind::tampered, 1)));
}

TEST_F(ChainTest, NothingAfterARevocationIsApplied)
{
    const auto entries = put_chain(4);
    revoke_writer(store, read_log(), keys, vault.kit.writer, 2, entries[1].hash);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1, 2));
    EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::after_revocation, 3),
                                           fault(ChainFaultKind::after_revocation, 4)));
    EXPECT_FALSE(chain.objects.contains(object(3)));
}

// A thief of the key cannot slip entries in before the revoked one.
TEST_F(ChainTest, ABranchBesideTheRevokedHeadIsNotApplied)
{
    const auto entries = put_chain(3);
    put(2, entries[0].hash, "thief");
    put(1, {}, "thief");
    revoke_writer(store, read_log(), keys, vault.kit.writer, 3, entries[2].hash);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1, 2, 3));
    EXPECT_FALSE(chain.objects.contains(object(1, "thief")));
    EXPECT_FALSE(chain.objects.contains(object(2, "thief")));
}

TEST_F(ChainTest, AWriterRevokedFromTheStartHasNothing)
{
    put_chain(2);
    revoke_writer(store, read_log(), keys, vault.kit.writer, 0, {});
    EXPECT_THAT(check().sound, IsEmpty());
}

TEST_F(ChainTest, ALostEntryBeforeTheRevocationHidesNoOlderOne)
{
    const auto entries = put_chain(4);
    revoke_writer(store, read_log(), keys, vault.kit.writer, 4, entries[3].hash);
    store.objects.erase(entries[2].name);
    const CheckedChain chain = check();
    EXPECT_THAT(seqs(chain), ElementsAre(1, 2, 4));
    EXPECT_THAT(faults(chain), ElementsAre(fault(ChainFaultKind::missing, 3)));
}

TEST_F(ChainTest, AStoreThatCannotBeReadIsNoFaultOfTheChain)
{
    class Unreadable : public test::DyingStore {
    public:
        using DyingStore::DyingStore;
        ByteBuffer get(const std::string& /*name*/, std::uint64_t /*limit_bytes*/) const override
        {
            throw Error(ErrorKind::store_unavailable, "the disk is away");
        }
    };
    put_chain(1);
    const Unreadable away(store, 0);
    const auto entries = list_journal(store).chains[vault.kit.writer];
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return check_chain(away, vault.log, vault.kit.writer, entries); }),
              ErrorKind::store_unavailable);
}

}  // namespace
}  // namespace mailhold::vault
