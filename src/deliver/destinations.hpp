#pragma once
// The destinations, one file each.

#include <filesystem>
#include <memory>

#include "mailhold/archive/file_writer.hpp"
#include "mailhold/deliver/destination.hpp"

namespace mailhold::deliver {

std::unique_ptr<Destination> open_maildir(const std::filesystem::path& path);
std::unique_ptr<Destination> open_mbox(const std::filesystem::path& path);
std::unique_ptr<Destination> open_eml(const std::filesystem::path& path);
std::unique_ptr<Destination> open_archive_file(const std::filesystem::path& path,
                                               archive::ArchiveFileWriter::Format format,
                                               bool with_index);

}  // namespace mailhold::deliver
