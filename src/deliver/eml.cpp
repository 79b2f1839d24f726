// One .eml file a message, named for people (docs/export.md, eml).

#include <set>

#include "destinations.hpp"
#include "manifest.hpp"
#include "names.hpp"
#include "output_folder.hpp"

namespace mailhold::deliver {

namespace {

class EmlFolder final : public Destination {
public:
    explicit EmlFolder(const std::filesystem::path& path) : out_(path) {}

    void add(const Outgoing& message) override
    {
        const std::string folder = folder_path(message);
        open(folder);
        const std::string path = paths_.claim(folder + '/' + readable_name(message), ".eml");
        out_.write_file(path, message.raw, message.date ? message.date->epoch_seconds : 0);
        out_.add_manifest_line(manifest_line(path, message));
        ++delivered_.messages;
        delivered_.bytes += message.raw.size();
    }

    void add_folder(const std::string& folder, char separator) override
    {
        open(folder_path(folder, separator));
    }

    Delivered finish() override
    {
        out_.finish();
        return delivered_;
    }

    bool wants_subject() const override { return true; }

private:
    void open(const std::string& path)
    {
        if (folders_.insert(path).second)
            out_.create_folder(path);
    }

    OutputFolder out_;
    std::set<std::string> folders_;
    UniquePaths paths_;
    Delivered delivered_;
};

}  // namespace

std::unique_ptr<Destination> open_eml(const std::filesystem::path& path)
{
    return std::make_unique<EmlFolder>(path);
}

}  // namespace mailhold::deliver
