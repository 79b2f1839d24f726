// .zip and .tar.zst files for people, written beside their name and renamed into it when complete.

#include "mailhold/archive/file_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

#include "libarchive_seam.hpp"
#include "mailhold/base/callback_guard.hpp"
#include "mailhold/base/file.hpp"
#include "utf8_locale.hpp"

namespace mailhold::archive {
namespace {

namespace fs = std::filesystem;

/// A full disk is noticed after each.
constexpr std::size_t piece_bytes = 1 * mebibyte;

[[noreturn]] void refuse_existing(const fs::path& path)
{
    throw Error(ErrorKind::usage, path.string() + " exists already");
}

bool is_taken(const fs::path& path)
{
    std::error_code ignored;  // what cannot be looked at will fail with a better message
    return fs::exists(fs::symlink_status(path, ignored));
}

/// Gives the finished file its name; never replaces another.
void rename_new(const fs::path& from, const fs::path& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return;
    if (errno == EEXIST)
        refuse_existing(to);
    if (errno != EINVAL && errno != ENOSYS)
        throw_errno("cannot give its name to", to);
    // FAT and some network filesystems: looking first is the best there is.
    if (is_taken(to))
        refuse_existing(to);
    if (::rename(from.c_str(), to.c_str()) != 0)
        throw_errno("cannot give its name to", to);
}

fs::path temporary_beside(const fs::path& path)
{
    fs::path temporary = path;
    temporary += ".unfinished-" + std::to_string(::getpid());
    return temporary;
}

}  // namespace

struct ArchiveFileWriter::State {
    fs::path path;
    fs::path temporary;
    FileDescriptor file;
    CallbackGuard guard;
    WriteHandle handle;
    EntryHandle entry = owned<EntryHandle>(archive_entry_new());
    bool named = false;
    bool spent = false;  // failed or finished: what libarchive still writes is discarded

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State()
    {
        spent = true;
        handle.reset();
    }

    static la_ssize_t on_write(::archive* /*handle*/, void* context, const void* data,
                               std::size_t size)
    {
        auto& state = *static_cast<State*>(context);
        const auto taken = static_cast<la_ssize_t>(size);
        return state.guard.run(taken, [&] {
            if (!state.spent)
                write_all(state.file, {static_cast<const std::byte*>(data), size}, state.temporary);
            return taken;
        });
    }

    void check_usable() const
    {
        if (spent)
            throw Error(ErrorKind::bug, "an archive file is written after a failure or its end");
    }

    void check(la_ssize_t result)
    {
        try {
            guard.rethrow();
            require_ok(handle.get(), result, ErrorKind::storage, "writing " + path.string());
        } catch (const Error&) {
            spent = true;
            throw;
        }
    }

    void choose(Format format)
    {
        if (format == Format::zip) {
            check(archive_write_set_format_zip(handle.get()));
            check(archive_write_set_format_option(handle.get(), "zip", "hdrcharset", "UTF-8"));
        } else {
            check(archive_write_set_format_pax_restricted(handle.get()));
            check(archive_write_add_filter_zstd(handle.get()));
        }
        check(archive_write_set_bytes_in_last_block(handle.get(), 1));  // no padding at the end
    }

    void describe(const std::string& name, std::size_t size, std::int64_t mtime)
    {
        archive_entry_clear(entry.get());
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0600);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
        archive_entry_set_mtime(entry.get(), mtime, 0);
    }
};

ArchiveFileWriter::ArchiveFileWriter(const fs::path& path, Format format)
    : state_(std::make_unique<State>())
{
    if (is_taken(path))
        refuse_existing(path);
    const Utf8Locale locale;
    state_->path = path;
    state_->handle = owned<WriteHandle>(archive_write_new());
    state_->choose(format);
    state_->file = create_file(temporary_beside(path));
    state_->temporary = temporary_beside(path);
    state_->check(
        archive_write_open(state_->handle.get(), state_.get(), nullptr, State::on_write, nullptr));
}

ArchiveFileWriter::~ArchiveFileWriter()
{
    if (state_ && !state_->named && !state_->temporary.empty())
        ::unlink(state_->temporary.c_str());
}

void ArchiveFileWriter::add(const std::string& path, Bytes content, std::int64_t mtime)
{
    const Utf8Locale locale;
    State& state = *state_;
    state.check_usable();
    state.describe(path, content.size(), mtime);
    state.check(archive_write_header(state.handle.get(), state.entry.get()));
    for (std::size_t written = 0; written < content.size();) {
        const Bytes next =
            content.subspan(written, std::min(piece_bytes, content.size() - written));
        const la_ssize_t more = archive_write_data(state.handle.get(), next.data(), next.size());
        state.check(more > 0 ? ARCHIVE_OK : ARCHIVE_FATAL);
        written += static_cast<std::size_t>(more);
    }
    state.check(archive_write_finish_entry(state.handle.get()));
}

void ArchiveFileWriter::finish()
{
    const Utf8Locale locale;
    State& state = *state_;
    state.check_usable();
    state.check(archive_write_close(state.handle.get()));
    state.spent = true;
    sync_file(state.file, state.temporary);
    state.file.close();
    rename_new(state.temporary, state.path);
    state.named = true;
    sync_folder(state.path.has_parent_path() ? state.path.parent_path() : fs::path("."));
}

}  // namespace mailhold::archive
