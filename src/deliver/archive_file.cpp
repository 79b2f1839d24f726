// A .zip or .tar.zst of .eml files (docs/export.md, zip and tar.zst).

#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "destinations.hpp"
#include "index_page.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "manifest.hpp"
#include "names.hpp"

namespace mailhold::deliver {

namespace {

/// Holds manifest lines in a nameless file beside the archive until they become its last entry.
class Spool {
public:
    explicit Spool(const std::filesystem::path& beside)
        : path_(beside.string() + ".manifest-XXXXXX"), file_(::mkostemp(path_.data(), O_CLOEXEC))
    {
        if (!file_)
            throw_errno("cannot create", path_);
        if (::unlink(path_.c_str()) != 0)
            throw_errno("cannot unlink", path_);
    }

    void add(std::string_view line)
    {
        buffer_ += line;
        if (buffer_.size() >= 256 * kibibyte)
            flush();
    }

    /// Calls `use` with all lines.
    template <class Use>
    void with_content(Use use)
    {
        flush();
        if (size_ == 0) {
            use(Bytes{});
            return;
        }
        const Mapping mapping(file_, size_, path_);
        use(mapping.bytes());
    }

private:
    class Mapping {
    public:
        Mapping(const FileDescriptor& file, std::size_t size, const std::filesystem::path& path)
            : start_(::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0)), size_(size)
        {
            if (start_ == MAP_FAILED)
                throw_errno("cannot read", path);
        }
        Mapping(const Mapping&) = delete;
        Mapping& operator=(const Mapping&) = delete;
        ~Mapping() { ::munmap(start_, size_); }

        Bytes bytes() const { return {static_cast<const std::byte*>(start_), size_}; }

    private:
        void* start_;
        std::size_t size_;
    };

    void flush()
    {
        write_all(file_, bytes_of(buffer_), path_);
        size_ += buffer_.size();
        buffer_.clear();
    }

    std::string path_;
    FileDescriptor file_;
    std::string buffer_;
    std::size_t size_ = 0;
};

class ArchiveFile final : public Destination {
public:
    ArchiveFile(const std::filesystem::path& path, archive::ArchiveFileWriter::Format format,
                bool with_index)
        : writer_(path, format), manifest_(path)
    {
        if (with_index)
            index_.emplace();
    }

    void add(const Outgoing& message) override
    {
        const std::string folder = folder_path(message);
        const std::string path = paths_.claim(folder + '/' + readable_name(message), ".eml");
        writer_.add(path, message.raw, message.date ? message.date->epoch_seconds : 0);
        manifest_.add(manifest_line(path, message));
        if (index_)
            index_->add(path, message);
        ++delivered_.messages;
        delivered_.bytes += message.raw.size();
    }

    void add_folder(const std::string& /*folder*/, char /*separator*/) override {}

    Delivered finish() override
    {
        if (index_)
            add_index();
        manifest_.with_content([&](Bytes content) {
            writer_.add(std::string(manifest_name), content, static_cast<std::int64_t>(now()));
        });
        writer_.finish();
        return delivered_;
    }

    bool wants_subject() const override { return true; }
    bool wants_addresses() const override { return index_.has_value(); }

private:
    void add_index()
    {
        const auto time = static_cast<std::int64_t>(now());
        const std::string page = index_->html();
        index_->add_file(std::string(index_name), bytes_of(page));
        writer_.add(std::string(index_name), bytes_of(page), time);
        writer_.add(std::string(checksums_name), bytes_of(index_->checksums()), time);
    }

    archive::ArchiveFileWriter writer_;
    Spool manifest_;
    std::optional<IndexPage> index_;
    UniquePaths paths_;
    Delivered delivered_;
};

}  // namespace

std::unique_ptr<Destination> open_archive_file(const std::filesystem::path& path,
                                               archive::ArchiveFileWriter::Format format,
                                               bool with_index)
{
    return std::make_unique<ArchiveFile>(path, format, with_index);
}

}  // namespace mailhold::deliver
