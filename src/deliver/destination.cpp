// Names of formats, and which code stands behind each.

#include "mailhold/deliver/destination.hpp"

#include <array>
#include <utility>

#include "destinations.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::deliver {

std::optional<Format> parse_format(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, Format>, 5> formats = {
        {{"maildir", Format::maildir},
         {"mbox", Format::mbox},
         {"eml", Format::eml},
         {"zip", Format::zip},
         {"tar.zst", Format::tar_zst}}};
    for (const auto& [known, format] : formats)
        if (known == name)
            return format;
    return std::nullopt;
}

std::unique_ptr<Destination> Destination::open(const std::filesystem::path& path, Format format,
                                               bool with_index)
{
    if (with_index && format != Format::zip && format != Format::tar_zst)
        throw Error(ErrorKind::usage, "an index goes with an archive only",
                    "add --format zip, or leave out --with-index");
    using Archive = archive::ArchiveFileWriter::Format;
    switch (format) {
    case Format::maildir:
        return open_maildir(path);
    case Format::mbox:
        return open_mbox(path);
    case Format::eml:
        return open_eml(path);
    case Format::zip:
        return open_archive_file(path, Archive::zip, with_index);
    case Format::tar_zst:
        return open_archive_file(path, Archive::tar_zst, with_index);
    }
    throw Error(ErrorKind::bug, "an unknown export format");
}

}  // namespace mailhold::deliver
