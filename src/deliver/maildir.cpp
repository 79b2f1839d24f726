// Maildir folders as Dovecot and most mail programs read them (docs/export.md, Maildir).

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "destinations.hpp"
#include "flag_letters.hpp"
#include "manifest.hpp"
#include "names.hpp"
#include "output_folder.hpp"

namespace mailhold::deliver {

namespace {

class Maildir final : public Destination {
public:
    explicit Maildir(const std::filesystem::path& path) : out_(path) {}

    void add(const Outgoing& message) override
    {
        const std::string folder = folder_path(message);
        FlagLetters& letters = opened(folder);
        const std::int64_t time = message.date ? message.date->epoch_seconds : 0;
        const std::string path =
            fmt::format("{}/cur/{}.M{:08}_{}.mailhold,S={}:2,{}", folder,
                        std::max<std::int64_t>(time, 0), ++delivered_.messages, message.id_hex,
                        message.raw.size(), letters.letters_of(message.flags));
        out_.write_file(path, message.raw, time);
        out_.add_manifest_line(manifest_line(path, message));
        delivered_.bytes += message.raw.size();
    }

    void add_folder(const std::string& folder, char separator) override
    {
        opened(folder_path(folder, separator));
    }

    Delivered finish() override
    {
        for (const auto& [path, letters] : folders_)
            if (const std::string keywords = letters.keywords_file(); !keywords.empty())
                out_.write_file(path + "/dovecot-keywords", bytes_of(keywords));
        out_.finish();
        return delivered_;
    }

    bool wants_subject() const override { return false; }

private:
    FlagLetters& opened(const std::string& path)
    {
        const auto [at, is_new] = folders_.try_emplace(path);
        if (is_new)
            for (const char* part : {"/cur", "/new", "/tmp"})
                out_.create_folder(path + part);
        return at->second;
    }

    OutputFolder out_;
    std::map<std::string, FlagLetters> folders_;
    Delivered delivered_;
};

}  // namespace

std::unique_ptr<Destination> open_maildir(const std::filesystem::path& path)
{
    return std::make_unique<Maildir>(path);
}

}  // namespace mailhold::deliver
