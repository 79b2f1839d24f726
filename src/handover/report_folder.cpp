// Writes the report of a handover.

#include "mailhold/handover/report_folder.hpp"

#include "mailhold/base/file.hpp"

#include "contacts.hpp"
#include "pages.hpp"

namespace mailhold::handover {

ReportFolder::ReportFolder(std::filesystem::path path) : path_(std::move(path))
{
    create_durable_folders(path_);
}

void ReportFolder::write(const Dossier& dossier) const
{
    write("dossier.html", page_html(dossier));
    write("dossier.md", page_markdown(dossier));
    write("contacts.vcf", contacts_vcard(dossier));
    write("contacts.csv", contacts_csv(dossier));
}

std::filesystem::path ReportFolder::write(std::string_view file_name,
                                          std::string_view content) const
{
    std::filesystem::path file = path_ / file_name;
    replace_file(file, bytes_of(content));
    return file;
}

}  // namespace mailhold::handover
