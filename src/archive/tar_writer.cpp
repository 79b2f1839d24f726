// Single pax tar entries out, one libarchive handle for all of them.

#include <algorithm>
#include <array>

#include "libarchive_seam.hpp"
#include "mailhold/archive/tar.hpp"
#include "mailhold/base/callback_guard.hpp"

namespace mailhold::archive {
namespace {

void check_entry(const TarEntry& entry)
{
    const auto plain_ascii = [](char c) { return c > 0x20 && c < 0x7F; };
    if (entry.path.empty() || !std::all_of(entry.path.begin(), entry.path.end(), plain_ascii))
        throw Error(ErrorKind::bug, "a tar entry's path is not plain ASCII");
    if (entry.meta.size() > max_tar_meta_bytes)
        throw Error(ErrorKind::bug, "a tar entry has too much metadata");
}

}  // namespace

struct TarEntryWriter::State {
    CallbackGuard guard;
    const Sink* sink = nullptr;  // none: what libarchive writes is discarded
    WriteHandle handle;
    EntryHandle entry = owned<EntryHandle>(archive_entry_new());

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { give_up(); }

    static la_ssize_t on_write(::archive* /*handle*/, void* context, const void* data,
                               std::size_t size)
    {
        auto& state = *static_cast<State*>(context);
        const auto taken = static_cast<la_ssize_t>(size);
        return state.guard.run(taken, [&] {
            if (state.sink != nullptr)
                (*state.sink)({static_cast<const std::byte*>(data), size});
            return taken;
        });
    }

    void give_up() noexcept
    {
        sink = nullptr;
        handle.reset();  // libarchive's own state is somewhere inside an entry
    }

    void open()
    {
        handle = owned<WriteHandle>(archive_write_new());
        check(archive_write_set_format_pax(handle.get()));
        // Else libarchive writes every xattr twice (docs/format.md, Archive content).
        check(archive_write_set_format_option(handle.get(), "pax", "xattrheader", "SCHILY"));
        check(archive_write_set_bytes_per_block(handle.get(), 0));  // pass through, no copy
        check(archive_write_open(handle.get(), this, nullptr, on_write, nullptr));
    }

    void describe(const TarEntry& what, std::size_t content_bytes)
    {
        archive_entry_clear(entry.get());
        archive_entry_set_pathname(entry.get(), what.path.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0600);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content_bytes));
        archive_entry_set_mtime(entry.get(), what.mtime, 0);
        if (!what.meta.empty())
            archive_entry_xattr_add_entry(entry.get(), "mailhold.meta", what.meta.data(),
                                          what.meta.size());
    }

    void write_entry(Bytes content)
    {
        check(archive_write_header(handle.get(), entry.get()));
        if (!content.empty()) {
            const la_ssize_t written =
                archive_write_data(handle.get(), content.data(), content.size());
            check(written == static_cast<la_ssize_t>(content.size()) ? ARCHIVE_OK : ARCHIVE_FATAL);
        }
        check(archive_write_finish_entry(handle.get()));
    }

    void check(int result)
    {
        guard.rethrow();  // libarchive was told that all went well
        require_ok(handle.get(), result, ErrorKind::bug, "writing a tar entry");
    }
};

TarEntryWriter::TarEntryWriter() : state_(std::make_unique<State>()) {}
TarEntryWriter::TarEntryWriter(TarEntryWriter&&) noexcept = default;
TarEntryWriter::~TarEntryWriter() = default;

void TarEntryWriter::write(const TarEntry& entry, Bytes content, const Sink& sink)
{
    check_entry(entry);
    State& state = *state_;
    state.sink = &sink;
    try {
        if (!state.handle)
            state.open();
        state.describe(entry, content.size());
        state.write_entry(content);
    } catch (...) {
        state.give_up();
        throw;
    }
    state.sink = nullptr;
}

Bytes end_of_tar() noexcept
{
    static constexpr std::array<std::byte, 1024> zeros{};
    return zeros;
}

}  // namespace mailhold::archive
