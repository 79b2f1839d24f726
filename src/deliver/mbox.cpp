// One mboxrd file a folder (docs/export.md, mbox).

#include <ctime>
#include <map>

#include <fmt/format.h>

#include "destinations.hpp"
#include "mailhold/base/calendar_names.hpp"
#include "mailhold/base/error.hpp"
#include "manifest.hpp"
#include "names.hpp"
#include "output_folder.hpp"

namespace mailhold::deliver {

namespace {

/// "From MAILER-DAEMON Thu Feb 29 15:59:59 2024", UTC, English whatever the locale.
std::string from_line(const std::optional<InternalDate>& date)
{
    const std::time_t seconds = date ? date->epoch_seconds : 0;
    std::tm tm{};
    if (::gmtime_r(&seconds, &tm) == nullptr)
        throw Error(ErrorKind::malformed, "an impossible date");
    return fmt::format("From MAILER-DAEMON {} {} {:2} {:02}:{:02}:{:02} {}\n",
                       week_day_names.at(static_cast<std::size_t>(tm.tm_wday)),
                       month_names.at(static_cast<std::size_t>(tm.tm_mon)), tm.tm_mday, tm.tm_hour,
                       tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
}

/// Writes `raw` with '>' before every line that is "From " behind any number of '>'.
void write_quoted(AppendingFile& file, std::string_view raw)
{
    std::size_t done = 0;
    for (std::size_t at = raw.find("From "); at != std::string_view::npos;
         at = raw.find("From ", at + 5)) {
        std::size_t line = at;
        while (line > done && raw[line - 1] == '>')
            --line;
        if (line > 0 && raw[line - 1] != '\n')
            continue;
        file.write(bytes_of(raw.substr(done, line - done)));
        file.write(bytes_of(">"));
        done = line;
    }
    file.write(bytes_of(raw.substr(done)));
}

class Mbox final : public Destination {
public:
    explicit Mbox(const std::filesystem::path& path) : out_(path) {}

    void add(const Outgoing& message) override
    {
        const std::string path = folder_path(message) + ".mbox";
        open(path);
        const std::uint64_t offset = file_.size();
        file_.write(bytes_of(from_line(message.date)));
        write_quoted(file_, text_of(message.raw));
        // The manifest's size says whether this line end was the message's own.
        const bool is_ended = !message.raw.empty() && message.raw.back() == std::byte{'\n'};
        file_.write(bytes_of(is_ended ? "\n" : "\n\n"));
        out_.add_manifest_line(manifest_line(path, message, offset));
        ++delivered_.messages;
        delivered_.bytes += message.raw.size();
    }

    void add_folder(const std::string& folder, char separator) override
    {
        open(folder_path(folder, separator) + ".mbox");
    }

    Delivered finish() override
    {
        close();
        out_.finish();
        return delivered_;
    }

    bool wants_subject() const override { return false; }

private:
    /// Only one file is open at a time: an account may have more folders than a process
    /// descriptors.
    void open(const std::string& path)
    {
        if (path == open_path_)
            return;
        close();
        if (const auto known = sizes_.find(path); known != sizes_.end()) {
            file_ = AppendingFile(out_.path() / path, known->second);
        } else {
            if (const std::size_t slash = path.rfind('/'); slash != std::string::npos)
                out_.create_folder(path.substr(0, slash));
            file_ = AppendingFile(out_.path() / path);
        }
        open_path_ = path;
    }

    void close()
    {
        if (open_path_.empty())
            return;
        file_.close();
        sizes_[open_path_] = file_.size();
        open_path_.clear();
    }

    OutputFolder out_;
    AppendingFile file_;
    std::string open_path_;
    std::map<std::string, std::uint64_t> sizes_;  ///< of the files written so far
    Delivered delivered_;
};

}  // namespace

std::unique_ptr<Destination> open_mbox(const std::filesystem::path& path)
{
    return std::make_unique<Mbox>(path);
}

}  // namespace mailhold::deliver
