// Two walks through a tree: an archive may hold its manifest at its end.

#include "tree_reader.hpp"

#include <map>

#include "mailhold/base/error.hpp"

#include "emlx_reader.hpp"
#include "export_manifest.hpp"
#include "maildir_names.hpp"
#include "mbox_reader.hpp"
#include "outlook_reader.hpp"

namespace mailhold::import_export {

namespace {

constexpr std::string_view keywords_name = "dovecot-keywords";
constexpr std::size_t max_keywords_bytes = 1 * mebibyte;

std::string_view name_of(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

/// "" or ending in '/'.
std::string folder_part(const std::string& path)
{
    return path.substr(0, path.rfind('/') + 1);
}

MboxVariant variant_of(ImportFormat format)
{
    switch (format) {
    case ImportFormat::mboxo:
        return MboxVariant::o;
    case ImportFormat::mboxrd:
        return MboxVariant::rd;
    case ImportFormat::mboxcl:
        return MboxVariant::cl;
    case ImportFormat::mboxcl2:
        return MboxVariant::cl2;
    default:
        return MboxVariant::automatic;
    }
}

/// Between a reader and the sink: what the manifest knows of a message is put into it.
class DescribingSink final : public MailSink {
public:
    DescribingSink(ExportManifest& manifest, const std::string& path, const std::string& account,
                   MailSink& next)
        : manifest_(manifest), path_(path), account_(account), next_(next)
    {
    }

    void message(Incoming&& message) override
    {
        try {
            manifest_.describe(path_, message, account_);
        } catch (const Error& e) {
            next_.failed(message.from, e.what());
            return;
        }
        next_.message(std::move(message));
    }

    void failed(const Whereabouts& where, const std::string& why) override
    {
        next_.failed(where, why);
    }

private:
    ExportManifest& manifest_;
    const std::string& path_;
    const std::string& account_;
    MailSink& next_;
};

class TreeReader {
public:
    /// `shown`: what people call the tree.
    TreeReader(const MailTree& tree, std::string shown, bool is_single_file,
               const ImportOptions& options, const std::string& account, TreeSink& sink)
        : tree_(tree), shown_(std::move(shown)), is_single_file_(is_single_file), options_(options),
          account_(account), sink_(sink)
    {
    }

    void read()
    {
        // Damage is told by the second walk.
        tree_.walk([this](TreeFile& file) { guarded(file, &TreeReader::learn_from); },
                   [](const std::string&, const std::string&) {});
        tree_.walk([this](TreeFile& file) { guarded(file, &TreeReader::read_file); },
                   [this](const std::string& path, const std::string& why) {
                       sink_.failed({shown(path)}, why);
                   });
        for (const std::string& path : manifest_.missing())
            sink_.failed({shown(path)}, "the export's manifest names it, and it could not be read "
                                        "here");
    }

private:
    /// Trouble with one file leaves the others worth reading.
    void guarded(TreeFile& file, void (TreeReader::*work)(TreeFile&))
    {
        try {
            (this->*work)(file);
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::malformed)
                throw;
            sink_.failed({shown(file.path())}, e.what());
        }
    }

    void learn_from(TreeFile& file)
    {
        const std::string_view name = name_of(file.path());
        BufferedReader reader(file);
        if (name == manifest_name)
            read_manifest(reader, file.path());
        else if (name == keywords_name)
            keywords_[folder_part(file.path())] =
                parse_dovecot_keywords(reader.peek(max_keywords_bytes));
    }

    void read_manifest(BufferedReader& reader, const std::string& path)
    {
        for (std::string_view line = reader.peek_line(); !line.empty(); line = reader.peek_line()) {
            const std::uint64_t offset = reader.offset();
            try {
                manifest_.add_line(line, folder_part(path));
            } catch (const Error& e) {
                sink_.failed({shown(path), offset}, e.what());
            }
            reader.take(line.size());
        }
    }

    void read_file(TreeFile& file)
    {
        const std::string_view name = name_of(file.path());
        if (name == manifest_name || name == keywords_name)
            return;
        BufferedReader reader(file);
        const std::string_view start = reader.peek(telling_bytes);
        const FileKind kind = kind_of(file.path(), start, options_.format, is_single_file_);
        DescribingSink describing(manifest_, file.path(), account_, sink_);
        const FileContext context = context_of(file, kind);
        switch (kind) {
        case FileKind::message:
        case FileKind::maildir:
            return read_message(reader, context, describing);
        case FileKind::emlx:
            return read_emlx(reader, context, describing);
        case FileKind::mbox:
            return read_mbox(reader, context,
                             manifest_.has_offsets(file.path()) ? MboxVariant::rd
                                                                : variant_of(options_.format),
                             describing);
        case FileKind::packed:
            return read_packed(file, context.file);
        case FileKind::outlook:
            return read_outlook_file(file, context);
        default:
            return pass_over(kind, context.file);
        }
    }

    FileContext context_of(const TreeFile& file, FileKind kind) const
    {
        FileContext context{.file = shown(file.path()),
                            .folder = folder_of(kind, file.path(), options_.folder),
                            .flags = {},
                            .date = {}};
        if (kind != FileKind::maildir)
            return context;
        const std::string folder = folder_part(file.path());  // ends in cur/ or new/
        const auto keywords = keywords_.find(folder.substr(0, folder.size() - 4));
        context.flags = flags_of_maildir_name(name_of(file.path()), keywords == keywords_.end()
                                                                        ? KeywordLetters()
                                                                        : keywords->second);
        if (const auto modified = file.modified())
            context.date = InternalDate{*modified, 0};
        return context;
    }

    static void read_message(BufferedReader& reader, const FileContext& context, MailSink& sink)
    {
        auto raw = reader.rest(max_message_bytes);
        if (!raw)
            return sink.failed({context.file}, "larger than 256 MiB");
        sink.message({.from = {context.file},
                      .folder = context.folder,
                      .flags = context.flags,
                      .date = context.date,
                      .raw = std::move(*raw)});
    }

    void read_packed(const TreeFile& file, const std::string& file_shown)
    {
        const auto path = file.on_disk();
        if (!path)
            return sink_.failed({file_shown}, "an archive in an archive is not opened: unpack the "
                                              "outer one, and import the folder");
        const auto tree = open_archive_tree(*path);
        TreeReader(*tree, file_shown, false, options_, account_, sink_).read();
    }

    void read_outlook_file(const TreeFile& file, const FileContext& context)
    {
        const auto path = file.on_disk();
        if (!path)
            return sink_.failed({context.file}, "a file of Outlook in an archive is not opened: "
                                                "unpack the archive, and import the folder");
        read_outlook(*path, context, is_single_file_, sink_);
    }

    void pass_over(FileKind kind, const std::string& file_shown)
    {
        if (kind == FileKind::outlook_message)
            sink_.failed({file_shown}, "single messages of Outlook are not read: in Outlook, copy "
                                       "them into a folder, and export that to a .pst");
        else if (kind == FileKind::partial_emlx)
            sink_.failed({file_shown}, "Apple Mail keeps the attachments of this message apart: "
                                       "in Mail, export its mailbox (Mailbox, Export Mailbox)");
        else if (is_single_file_)
            sink_.failed({file_shown}, "no mail that is known here; --format eml or mbox takes it "
                                       "for that");
        else
            sink_.passed_over(file_shown);
    }

    std::string shown(const std::string& path) const
    {
        return is_single_file_ || path.empty() ? shown_ : shown_ + '/' + path;
    }

    const MailTree& tree_;
    std::string shown_;
    bool is_single_file_;
    const ImportOptions& options_;
    const std::string& account_;
    TreeSink& sink_;
    ExportManifest manifest_;
    std::map<std::string, KeywordLetters> keywords_;  ///< by the folder of the list
};

}  // namespace

void read_path(const std::filesystem::path& path, const ImportOptions& options,
               const std::string& account, TreeSink& sink)
{
    const auto tree = open_disk_tree(path);
    std::string shown = path.string();
    while (shown.size() > 1 && shown.ends_with('/'))
        shown.pop_back();
    TreeReader(*tree, shown, std::filesystem::is_regular_file(path), options, account, sink).read();
}

}  // namespace mailhold::import_export
