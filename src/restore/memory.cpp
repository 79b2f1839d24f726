// The catalog's memory of uploads, and the lock that keeps two of them apart.

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {

namespace {

FileLock take_lock(const std::filesystem::path& state, const std::string& address)
{
    const auto folder = state / "uploads";
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    // Addresses may hold what file names may not.
    const std::string name = crypto::hash(bytes_of(address)).hex().substr(0, 32) + ".lock";
    auto lock = FileLock::try_take(folder / name);
    if (!lock)
        throw Error(ErrorKind::locked,
                    fmt::format("another upload into {} is running", printable(address)),
                    "wait until it is done");
    return std::move(*lock);
}

}  // namespace

TargetLock::TargetLock(const std::filesystem::path& state, const std::string& address)
    : lock_(take_lock(state, address))
{
}

std::vector<deliver::UploadMemory::Known> CatalogMemory::known(const std::string& wire_name,
                                                               UidValidity uid_validity)
{
    std::vector<Known> known;
    for (const catalog::UploadedMessage& message :
         catalog_.uploaded(address_, wire_name, uid_validity))
        known.push_back({.uid = message.uid, .id = message.id});
    return known;
}

void CatalogMemory::remember(const std::string& wire_name, UidValidity uid_validity,
                             const std::vector<Known>& verified)
{
    std::vector<catalog::UploadedMessage> messages;
    messages.reserve(verified.size());
    for (const Known& message : verified)
        messages.push_back({.uid = message.uid, .id = message.id});
    catalog_.put_uploaded(address_, wire_name, uid_validity, messages);
}

}  // namespace mailhold::restore
