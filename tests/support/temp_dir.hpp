#pragma once
// A private folder that goes away with the test.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace mailhold::test {

class TempDir {
public:
    TempDir()
    {
        std::string name = std::filesystem::temp_directory_path() / "mailhold-test-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("mkdtemp failed");
        path_ = name;
    }

    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    ~TempDir()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace mailhold::test
