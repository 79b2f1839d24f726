// docs/format.md is complete: a reader written from it alone, in another language, reads our
// vaults.

#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "mailhold/vault/archive.hpp"
#include "support/temp_dir.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

struct Outcome {
    int status = -1;
    std::string output;
};

Outcome second_reader(const std::filesystem::path& vault, std::string_view secret)
{
    const auto script = std::filesystem::path(__FILE__).parent_path() / "second_reader.py";
    const std::string command =
        fmt::format("python3 '{}' '{}' '{}' 2>&1", script.string(), vault.string(), secret);
    Outcome run;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr)
        return run;
    std::array<char, 4096> piece{};
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
        run.output.append(piece.data(), got);
    run.status = ::pclose(pipe);
    return run;
}

class SecondReader : public testing::Test {
protected:
    SecondReader()
    {
        test::use_fast_kdf();
        vault = create_vault(*store, bytes_of(test::passphrase), "night host");
        account.value[0] = std::byte{7};
    }

    /// Adds one archive and the entry that declares it, as a writer does.
    void commit(const std::vector<std::string>& mails, std::string_view attachment)
    {
        const crypto::ContentHasher ids(vault.kit.key_i.view());
        ArchiveBuilder builder(*store, vault.kit, 2);
        for (const std::string& raw : mails)
            add(builder, EntryKind::message, ids.content_id(bytes_of(raw)).bytes(), raw, "");

        // A mail whose base64 attachment is stored decoded, and joined to what it was.
        const std::string part(attachment);
        const auto part_id = ids.part_id(bytes_of(part));
        const std::string begin = "Subject: price list\r\n\r\n";
        const std::string joined = begin + "AQIDBAUG\r\nBwgJ\r\n--end--\r\n";
        add(builder, EntryKind::part, part_id.bytes(), part, "");
        add(builder, EntryKind::spliced, ids.content_id(bytes_of(joined)).bytes(),
            begin + "--end--\r\n",
            fmt::format("{{\"e\":\"splice\",\"parts\":[[{},\"{}\",\"b64/8/crlf/1\"]]}}\n",
                        begin.size(), part_id.hex()));
        sizes.push_back(joined.size());
        const FinishedArchive archive = builder.finish();
        builder.publish();
        publish_entry(archive);
    }

    void add(ArchiveBuilder& builder, EntryKind kind, Bytes id, const std::string& content,
             std::string meta)
    {
        builder.add(account, kind, id, bytes_of(content), std::move(meta), 1'700'000'000);
        if (kind == EntryKind::message)
            sizes.push_back(content.size());
    }

    void publish_entry(const FinishedArchive& archive)
    {
        EntryDraft draft({parse_utc("2026-03-09T08:07:06Z").value(), "run", seq + 1});
        const auto& stream = archive.stream;
        draft.add(ArchiveAdded{stream.object, stream.length, stream.header, stream.blocks});
        for (const ArchivedEntry& entry : archive.entries) {
            const sealed::Location at{stream.object, entry.offset, entry.length};
            if (entry.kind == EntryKind::part) {
                draft.add(PartAdded{crypto::PartId::from_bytes(entry.id), 9, at});
                continue;
            }
            const auto id = crypto::ContentId::from_bytes(entry.id);
            draft.add(MessageAdded{id, sizes[next_size++], at, entry.kind == EntryKind::spliced});
            messages[id.hex()] = sizes[next_size - 1];
        }
        const SealedEntry sealed =
            seal_entry(vault.kit, ++seq, previous, draft, {{{}, vault.log.seq, vault.log.head}});
        store->put_new(sealed.name, sealed.bytes);
        previous = sealed.hash;
    }

    std::string expected_lines() const
    {
        std::string lines;
        for (const auto& [id, size] : messages)
            lines += fmt::format("{{\"id\": \"{}\", \"size\": {}}}\n", id, size);
        return lines;
    }

    test::TempDir dir;
    std::unique_ptr<objects::Store> store = objects::open_local_folder(dir.path() / "vault", true);
    CreatedVault vault;
    crypto::AccountId account;
    crypto::Hash previous;
    std::uint32_t seq = 0;
    std::size_t next_size = 0;
    std::vector<std::uint64_t> sizes;
    std::map<std::string, std::uint64_t> messages;
};

TEST_F(SecondReader, ReadsEveryMessageOfEveryEpoch)
{
    commit({"Subject: one\r\n\r\nbody\r\n", "", std::string(9'000'000, 'x')},
           "\1\2\3\4\5\6\7\10\11");
    const ReaderKeys keys = unlock(*store, vault.log, bytes_of(test::passphrase));
    const NewWriter other = add_writer(*store, vault.log, keys, "other");
    vault.log = revoke_writer(*store, other.log, keys, other.kit.writer, 0, {});
    ASSERT_TRUE(refresh_kit(vault.kit, vault.log));
    commit({"Subject: two\r\n\r\n"}, "\1\2\3\4\5\6\7\10\11");

    for (const std::string_view secret : {test::passphrase, std::string_view(vault.recovery_key)}) {
        const Outcome run = second_reader(dir.path() / "vault", secret);
        EXPECT_EQ(run.status, 0);
        EXPECT_EQ(run.output, expected_lines());
    }
}

TEST_F(SecondReader, RefusesAWrongSecretAndABrokenVault)
{
    commit({"Subject: one\r\n\r\nbody\r\n"}, "\1\2\3\4\5\6\7\10\11");
    EXPECT_NE(second_reader(dir.path() / "vault", "wrong").status, 0);
    const auto archive = dir.path() / "vault" / store->list("archives/").front().name;
    std::filesystem::resize_file(archive, std::filesystem::file_size(archive) - 1);
    EXPECT_NE(second_reader(dir.path() / "vault", test::passphrase).status, 0);
}

}  // namespace
}  // namespace mailhold::vault
