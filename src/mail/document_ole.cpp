// Which program a compound file is from, by the names of its streams.

#include "document_ole.hpp"

namespace mailhold::mail {

void read_ole(Bytes content, Reading& reading)
{
    const std::optional<CompoundFile> file = CompoundFile::open(content);
    if (!file)
        return reading.fail("damaged");
    const auto has = [&](std::string_view name) {
        return file->find(CompoundFile::root, name) != nullptr;
    };
    if (has("EncryptedPackage"))
        return reading.fail("encrypted");
    if (has("WordDocument"))
        return read_word(*file, reading);
    if (has("Workbook") || has("Book"))
        return read_excel(*file, reading);
    if (has("PowerPoint Document"))
        return read_powerpoint(*file, reading);
    if (has("__properties_version1.0"))
        return read_outlook_message(*file, reading);
    reading.fail("of an unknown program");
}

}  // namespace mailhold::mail
