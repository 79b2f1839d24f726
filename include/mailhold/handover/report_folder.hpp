#pragma once
// The folder with what a handover leaves for people: pages, contacts, receipts.

#include <filesystem>
#include <string_view>
#include <vector>

#include "mailhold/handover/dossier.hpp"

namespace mailhold::handover {

/// Files are 0600, and appear whole or not at all.
class ReportFolder {
public:
    /// Makes it (0700), and its parents, where they are missing. Throws storage.
    explicit ReportFolder(std::filesystem::path path);

    const std::filesystem::path& path() const noexcept { return path_; }

    /// dossier.html, dossier.md, contacts.vcf, contacts.csv, in place of earlier ones.
    void write(const Dossier& dossier) const;
    /// Returns where it is.
    std::filesystem::path write(std::string_view file_name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

}  // namespace mailhold::handover
