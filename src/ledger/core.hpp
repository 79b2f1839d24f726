#pragma once
// What a ledger consists of; its files work on this.

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "mailhold/base/file.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "mailhold/vault/mirror.hpp"

namespace mailhold::ledger {

struct Core {
    std::filesystem::path state;
    std::optional<FileLock> lock;  ///< write mode
    std::unique_ptr<objects::Store> store;
    std::unique_ptr<catalog::Catalog> catalog;
    std::optional<vault::WriterKit> kit;    ///< nullopt on a host that is no writer
    std::unique_ptr<vault::Mirror> mirror;  ///< where there is a kit
    vault::RootLog log;
    Recovery recovery;
    std::vector<sealed::ChainHead> seen;  ///< heads of other chains whose signatures were checked
    bool catalog_is_behind = false;

    std::filesystem::path catalog_file() const { return state / "catalog.sqlite"; }
    std::filesystem::path kit_file() const { return state / "writer.kit"; }

    /// Throws not_found on a host that is no writer.
    const vault::WriterKit& writer() const;
};

struct Ledger::State {
    Core core;
};

}  // namespace mailhold::ledger
