// The catalog's memory of uploads, and the lock that keeps two of them apart.

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {

namespace {

/// Addresses may hold what file names may not.
std::filesystem::path lock_file(const std::filesystem::path& state, const std::string& address)
{
    const auto folder = state / "uploads";
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    return folder / (crypto::hash(bytes_of(address)).hex().substr(0, 32) + ".lock");
}

std::filesystem::path running_mark(std::filesystem::path lock_file)
{
    return lock_file.replace_extension(".running");
}

FileLock take_lock(const std::filesystem::path& file, const std::string& address)
{
    auto lock = FileLock::try_take(file);
    if (!lock)
        throw Error(ErrorKind::locked,
                    fmt::format("another upload into {} is running", printable(address)),
                    "wait until it is done");
    return std::move(*lock);
}

}  // namespace

TargetLock::TargetLock(const std::filesystem::path& state, const std::string& address)
    : file_(lock_file(state, address)), lock_(take_lock(file_, address))
{
}

bool TargetLock::begin()
{
    const auto mark = running_mark(file_);
    if (std::filesystem::exists(mark))
        return true;
    create_file(mark);
    return false;
}

void TargetLock::finish()
{
    std::error_code ignored;  // then the next upload waits for nothing
    std::filesystem::remove(running_mark(file_), ignored);
}

void CatalogMemory::flush()
{
    const std::lock_guard lock(mutex_);
    write();
}

/// In one transaction: each costs a write to disk that is waited for.
void CatalogMemory::write()
{
    if (!unwritten_.empty())
        catalog_.transaction([&] {
            for (const Folder& folder : unwritten_)
                catalog_.put_uploaded(address_, folder.wire_name, folder.uid_validity,
                                      folder.messages);
        });
    unwritten_.clear();
    last_written_ = std::chrono::steady_clock::now();
}

std::vector<deliver::UploadMemory::Known> CatalogMemory::known(const std::string& wire_name,
                                                               UidValidity uid_validity)
{
    flush();
    std::vector<Known> known;
    for (const catalog::UploadedMessage& message :
         catalog_.uploaded(address_, wire_name, uid_validity))
        known.push_back({.uid = message.uid, .id = message.id, .is_changed = message.is_changed});
    return known;
}

void CatalogMemory::remember(const std::string& wire_name, UidValidity uid_validity,
                             const std::vector<Known>& verified)
{
    if (verified.empty())
        return;
    const std::lock_guard lock(mutex_);
    Folder& folder = unwritten_.emplace_back(Folder{wire_name, uid_validity, {}});
    for (const Known& message : verified)
        folder.messages.push_back(
            {.uid = message.uid, .id = message.id, .is_changed = message.is_changed});
    if (std::chrono::steady_clock::now() - last_written_ > std::chrono::seconds(1))
        write();
}

}  // namespace mailhold::restore
