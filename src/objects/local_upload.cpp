// Publishing into a folder: write, fsync, close, name, fsync the folder (docs/format.md,
// Publishing).

#include "local_upload.hpp"

#include <array>

#include <fmt/format.h>
#include <unistd.h>

#include "content.hpp"
#include "failure.hpp"
#include "object_name.hpp"
#include "placing.hpp"

namespace mailhold::objects {

namespace {

constexpr std::string_view temporary_folder = "tmp";

std::string random_suffix()
{
    std::array<std::byte, 8> bytes{};
    crypto::fill_random(bytes);
    return to_hex(bytes);
}

}  // namespace

LocalUpload::LocalUpload(LocalFolder& store, const std::string& owner) : store_(store)
{
    store_.folders().prepare(temporary_folder);
    const auto name = fmt::format("{}/{}-{}", temporary_folder, owner, random_suffix());
    require_object_name(name);
    auto path = store_.root() / name;
    file_ = writing([&] { return create_file(path); });
    temporary_ = std::move(path);
    if (store_.folders().refused())
        hasher_.emplace();
}

LocalUpload::~LocalUpload()
{
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
}

void LocalUpload::write(Bytes bytes)
{
    writing([&] { write_all(file_, bytes, temporary_); });
    if (hasher_)
        hasher_->add(bytes);
}

PutOutcome LocalUpload::publish(const std::string& name)
{
    require_object_name(name);
    if (temporary_.empty() || !file_)
        throw Error(ErrorKind::bug, "an upload is published once");
    // A failed fsync is never retried: the kernel may already have dropped what it could not write.
    writing([&] { sync_file(file_, temporary_); });
    file_.close();

    const std::filesystem::path relative(name);
    store_.folders().prepare(relative.parent_path());
    const PutOutcome outcome = place(temporary_, store_.root() / relative);
    temporary_.clear();
    sync_name(relative, outcome);
    return outcome;
}

void LocalUpload::sync_name(const std::filesystem::path& relative, PutOutcome outcome)
{
    const auto path = store_.root() / relative;
    try {
        store_.folders().sync(relative.parent_path());
    } catch (...) {
        // A name that may be gone after a power cut must not look committed now.
        if (outcome == PutOutcome::created)
            ::unlink(path.c_str());
        throw;
    }
    if (hasher_ && hash_of_file(path) != hasher_->finish())
        throw Error(ErrorKind::storage,
                    fmt::format("{} reads back other bytes than were written", path.string()));
}

}  // namespace mailhold::objects
