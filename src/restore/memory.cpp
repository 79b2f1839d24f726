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

std::vector<deliver::UploadMemory::Known> CatalogMemory::known(const std::string& wire_name,
                                                               UidValidity uid_validity)
{
    std::vector<Known> known;
    for (const catalog::UploadedMessage& message :
         catalog_.uploaded(address_, wire_name, uid_validity))
        known.push_back({.uid = message.uid, .id = message.id, .is_changed = message.is_changed});
    return known;
}

void CatalogMemory::remember(const std::string& wire_name, UidValidity uid_validity,
                             const std::vector<Known>& verified)
{
    std::vector<catalog::UploadedMessage> messages;
    messages.reserve(verified.size());
    for (const Known& message : verified)
        messages.push_back(
            {.uid = message.uid, .id = message.id, .is_changed = message.is_changed});
    catalog_.put_uploaded(address_, wire_name, uid_validity, messages);
}

}  // namespace mailhold::restore
