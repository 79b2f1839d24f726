// libarchive over memory, and over files. Only decompressors that are libraries: others would start
// programs.

#include "mailhold/archive/unpack.hpp"

#include <algorithm>
#include <array>

#include "libarchive_seam.hpp"
#include "mailhold/base/file.hpp"
#include "utf8_locale.hpp"

namespace mailhold::archive {

namespace {

/// Which archives are opened: in workers without rights all that are known, elsewhere the two kinds
/// whose readers are simple.
enum class Kinds { all, zip_and_tar };

ReadHandle new_reader(Kinds kinds)
{
    ReadHandle handle = owned<ReadHandle>(archive_read_new());
    ::archive* reader = handle.get();
    // A decompressor that this libarchive lacks answers with a warning; its files are damaged then.
    archive_read_support_filter_gzip(reader);
    archive_read_support_filter_bzip2(reader);
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_lzma(reader);
    archive_read_support_filter_zstd(reader);
    archive_read_support_filter_compress(reader);
    archive_read_support_format_zip(reader);
    archive_read_support_format_tar(reader);
    if (kinds == Kinds::all) {
        archive_read_support_format_7zip(reader);
        archive_read_support_format_rar(reader);
        archive_read_support_format_rar5(reader);
    }
    archive_read_support_format_raw(reader);
    archive_read_support_format_empty(reader);
    return handle;
}

std::string name_of(::archive_entry* entry)
{
    if (const char* name = archive_entry_pathname_utf8(entry))
        return name;
    const char* name = archive_entry_pathname(entry);
    return name == nullptr ? std::string() : std::string(name);
}

class EntryMember final : public Member {
public:
    EntryMember(::archive* reader, ::archive_entry* entry, UnpackBudget& budget)
        : reader_(reader), name_(name_of(entry)), budget_(budget)
    {
        // What raw calls everything.
        if (archive_format(reader) == ARCHIVE_FORMAT_RAW)
            name_.clear();
        if (archive_entry_mtime_is_set(entry) != 0)
            modified_ = archive_entry_mtime(entry);
    }

    const std::string& name() const override { return name_; }

    std::size_t read(std::span<std::byte> into) override
    {
        std::size_t filled = 0;
        while (outcome_ == Unpacked::whole && filled < into.size()) {
            const std::size_t got = read_some(into.subspan(filled));
            if (got == 0)
                break;
            filled += got;
        }
        return filled;
    }

    bool is_cut() const override { return outcome_ != Unpacked::whole; }
    std::optional<std::int64_t> modified() const override { return modified_; }

    Unpacked outcome() const noexcept { return outcome_; }

private:
    std::size_t read_some(std::span<std::byte> into)
    {
        // One byte more than the budget tells an end from a cut.
        const std::uint64_t allowed = std::min<std::uint64_t>(into.size(), budget_.bytes + 1);
        const la_ssize_t got = archive_read_data(reader_, into.data(), allowed);
        if (got < 0) {
            outcome_ = Unpacked::damaged;
            return 0;
        }
        const auto bytes = static_cast<std::size_t>(got);
        if (bytes > budget_.bytes)
            outcome_ = Unpacked::shortened;
        const std::size_t taken = std::min<std::uint64_t>(bytes, budget_.bytes);
        budget_.bytes -= taken;
        return taken;
    }

    ::archive* reader_;
    std::string name_;
    std::optional<std::int64_t> modified_;
    UnpackBudget& budget_;
    Unpacked outcome_ = Unpacked::whole;
};

/// The worse of two: what a person should hear about.
Unpacked worse(Unpacked a, Unpacked b)
{
    return std::max(a, b);
}

/// One walk through one archive.
class Walk {
public:
    Walk(Kinds kinds, UnpackBudget& budget, const std::function<bool(Member&)>& visit)
        : budget_(budget), visit_(visit), reader_(new_reader(kinds))
    {
    }

    Unpacked over(Bytes archive)
    {
        return through(archive_read_open_memory(reader_.get(), archive.data(), archive.size()));
    }

    Unpacked over(const FileDescriptor& archive)
    {
        constexpr std::size_t block_bytes = 256 * kibibyte;
        return through(archive_read_open_fd(reader_.get(), archive.get(), block_bytes));
    }

private:
    Unpacked through(int opened)
    {
        if (opened < ARCHIVE_WARN)
            return Unpacked::damaged;
        while (next())
            continue;
        return outcome_;
    }

    /// False when there is no more to see.
    bool next()
    {
        ::archive_entry* entry = nullptr;
        const int result = archive_read_next_header(reader_.get(), &entry);
        if (result == ARCHIVE_EOF)
            return false;
        if (result < ARCHIVE_WARN)
            return end_with(archive_read_has_encrypted_entries(reader_.get()) == 1
                                ? Unpacked::encrypted
                                : Unpacked::damaged);
        if (budget_.entries == 0)
            return end_with(Unpacked::shortened);
        --budget_.entries;
        return archive_entry_filetype(entry) != AE_IFREG || see(entry);
    }

    bool see(::archive_entry* entry)
    {
        if (archive_entry_is_encrypted(entry) != 0) {
            outcome_ = worse(outcome_, Unpacked::encrypted);
            return true;
        }
        if (archive_format(reader_.get()) == ARCHIVE_FORMAT_RAW && !is_compressed())
            return end_with(Unpacked::damaged);  // it would take anything
        EntryMember member(reader_.get(), entry, budget_);
        const bool wants_more = visit_(member);
        if (wants_more && skipping_decompresses())
            read_to_end(member);
        outcome_ = worse(outcome_, member.outcome());
        return wants_more && member.outcome() != Unpacked::shortened;
    }

    bool is_compressed() const
    {
        return archive_filter_code(reader_.get(), 0) != ARCHIVE_FILTER_NONE;
    }

    /// What is passed over there is work all the same, and goes on the budget.
    bool skipping_decompresses() const
    {
        return is_compressed() || archive_format(reader_.get()) == ARCHIVE_FORMAT_7ZIP;
    }

    static void read_to_end(Member& member)
    {
        ByteBuffer scratch(64 * kibibyte);
        while (member.read(scratch) == scratch.size())
            continue;
    }

    bool end_with(Unpacked outcome)
    {
        outcome_ = worse(outcome_, outcome);
        return false;
    }

    UnpackBudget& budget_;
    const std::function<bool(Member&)>& visit_;
    ReadHandle reader_;
    Unpacked outcome_ = Unpacked::whole;
};

}  // namespace

Unpacked unpack(Bytes archive, UnpackBudget& budget, const std::function<bool(Member&)>& visit)
{
    return Walk(Kinds::all, budget, visit).over(archive);
}

Unpacked unpack_file(const std::filesystem::path& archive, UnpackBudget& budget,
                     const std::function<bool(Member&)>& visit)
{
    const Utf8Locale locale;
    const FileDescriptor file = open_for_reading(archive);
    return Walk(Kinds::zip_and_tar, budget, visit).over(file);
}

bool looks_packed(Bytes start)
{
    using namespace std::string_view_literals;
    constexpr std::array magics = {"PK\x03\x04"sv, "PK\x05\x06"sv,    "\x1f\x8b"sv,
                                   "BZh"sv,        "\xfd\x37zXZ\0"sv, "\x28\xb5\x2f\xfd"sv};
    constexpr std::size_t tar_magic_offset = 257;
    const std::string_view text = text_of(start);
    return std::ranges::any_of(magics,
                               [&](std::string_view magic) { return text.starts_with(magic); }) ||
           (text.size() > tar_magic_offset && text.substr(tar_magic_offset).starts_with("ustar"));
}

}  // namespace mailhold::archive
