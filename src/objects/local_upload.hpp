#pragma once
// An object on its way into a local folder: a file in tmp/ until it gets its name.

#include <filesystem>
#include <optional>
#include <string>

#include "local_folder.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/crypto/crypto.hpp"

namespace mailhold::objects {

class LocalUpload : public Upload {
public:
    LocalUpload(LocalFolder& store, const std::string& owner);
    ~LocalUpload() override;

    void write(Bytes bytes) override;
    PutOutcome publish(const std::string& name) override;

private:
    void sync_name(const std::filesystem::path& relative, PutOutcome outcome);

    LocalFolder& store_;
    std::filesystem::path temporary_;  // empty once published
    FileDescriptor file_;
    std::optional<crypto::Hasher> hasher_;  // where folders do not sync: to compare what came back
};

}  // namespace mailhold::objects
