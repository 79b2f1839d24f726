// The files in a zip or tar, in its own order; their names are labels and nothing else.

#include <algorithm>
#include <filesystem>

#include "mail_tree.hpp"
#include "mailhold/archive/unpack.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::import_export {

namespace {

/// Mail is seldom compressed to less than a tenth; a bomb is to a thousandth.
constexpr std::uint64_t max_expansion = 200;
constexpr std::uint64_t least_budget_bytes = 1 * gibibyte;
constexpr std::uint32_t max_entries = 20'000'000;

/// "./a//b" is a/b: tar and zip programs differ in such.
std::string tidied(const std::string& name)
{
    std::string path;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t end = std::min(name.find('/', at), name.size());
        const std::string level = name.substr(at, end - at);
        if (!level.empty() && level != "." && level != "..")
            path += (path.empty() ? "" : "/") + level;
        at = end + 1;
    }
    return path;
}

class ArchivedFile final : public TreeFile {
public:
    ArchivedFile(archive::Member& member, std::string path)
        : member_(member), path_(std::move(path))
    {
    }

    const std::string& path() const override { return path_; }
    std::optional<std::int64_t> modified() const override { return member_.modified(); }

    std::size_t read(std::span<std::byte> into) override
    {
        const std::size_t got = member_.read(into);
        if (got < into.size() && member_.is_cut())
            throw Error(ErrorKind::malformed, "the archive is damaged here, or too much of it");
        return got;
    }

private:
    archive::Member& member_;
    std::string path_;
};

class ArchiveTree final : public MailTree {
public:
    explicit ArchiveTree(std::filesystem::path file) : file_(std::move(file)) {}

    void walk(const Visit& visit, const Trouble& trouble) const override
    {
        archive::UnpackBudget budget{
            .bytes =
                std::max(least_budget_bytes, std::filesystem::file_size(file_) * max_expansion),
            .entries = max_entries};
        const archive::Unpacked outcome =
            archive::unpack_file(file_, budget, [&](archive::Member& member) {
                // A compressed file that is no archive has one member without a name.
                ArchivedFile file(member, member.name().empty() ? file_.stem().string()
                                                                : tidied(member.name()));
                visit(file);
                return true;
            });
        if (outcome != archive::Unpacked::whole)
            trouble("", why(outcome));
    }

private:
    static std::string why(archive::Unpacked outcome)
    {
        switch (outcome) {
        case archive::Unpacked::encrypted:
            return "the archive is encrypted: unpack it with its password, and import the folder";
        case archive::Unpacked::shortened:
            return "unpacks to more than 200 times its size: where it is to be trusted, unpack it, "
                   "and import the folder";
        default:
            return "the archive is damaged: what could be read of it was imported";
        }
    }

    std::filesystem::path file_;
};

}  // namespace

std::unique_ptr<MailTree> open_archive_tree(const std::filesystem::path& path)
{
    return std::make_unique<ArchiveTree>(path);
}

}  // namespace mailhold::import_export
