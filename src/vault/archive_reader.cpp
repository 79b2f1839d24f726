// Entries of archives read back, with the header and block table that the journal vouches for.

#include <list>

#include <fmt/format.h>

#include "entry_path.hpp"
#include "mailhold/archive/tar.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/vault/archive.hpp"

namespace mailhold::vault {

namespace {

/// Each keeps one opened block.
constexpr std::size_t max_open_archives = 4;
/// A message, and what tar and its metadata add.
constexpr std::uint64_t max_content_bytes = 2 * gibibyte;
constexpr std::uint64_t max_entry_bytes = max_content_bytes + 4 * mebibyte;

struct OpenArchive {
    crypto::Hash object;
    sealed::StreamReader stream;
};

}  // namespace

struct ArchiveReader::State {
    const objects::Store& store;
    const ReaderKeys& keys;
    FactsOf facts_of;
    std::list<OpenArchive> open{};  // most recently used first

    sealed::StreamReader& stream_of(const crypto::Hash& object)
    {
        for (auto at = open.begin(); at != open.end(); ++at) {
            if (at->object == object) {
                open.splice(open.begin(), open, at);
                return open.front().stream;
            }
        }
        open.push_front({object, open_stream(object)});
        if (open.size() > max_open_archives)
            open.pop_back();
        return open.front().stream;
    }

    sealed::StreamReader open_stream(const crypto::Hash& object) const
    {
        const ArchiveFacts facts = facts_of(object);
        const sealed::Header header = sealed::decode_header(facts.header);
        if (header.kind != sealed::Kind::archive)
            throw Error(ErrorKind::tampered, "the journal calls an archive what is none");
        auto source = [this, name = archive_name(object)](std::uint64_t offset,
                                                          std::uint64_t length) {
            return store.get_range(name, offset, length);
        };
        return sealed::StreamReader(keys.opening(header), std::move(source), facts.header,
                                    facts.blocks);
    }

    ReadEntry read(const sealed::Location& at)
    {
        sealed::StreamReader& stream = stream_of(at.object);
        if (at.length > max_entry_bytes || at.offset > stream.plain_length() ||
            at.length > stream.plain_length() - at.offset)
            throw Error(ErrorKind::damaged, "the entry's place lies outside the archive");
        archive::ParsedTarEntry parsed =
            archive::parse_tar_entry(stream.read(at.offset, at.length), max_content_bytes);
        const ParsedPath path = parse_entry_path(parsed.entry.path);
        return {path.kind, path.id, std::move(parsed.content), std::move(parsed.entry.meta)};
    }
};

ArchiveReader::ArchiveReader(const objects::Store& store, const ReaderKeys& keys, FactsOf facts_of)
    : state_(std::make_unique<State>(State{store, keys, std::move(facts_of)}))
{
}

ArchiveReader::~ArchiveReader() = default;

ReadEntry ArchiveReader::read(const sealed::Location& at)
{
    try {
        return state_->read(at);
    } catch (const Error& e) {
        const auto kind = e.kind() == ErrorKind::malformed ? ErrorKind::damaged : e.kind();
        throw Error(kind, fmt::format("{}: {}", archive_name(at.object), e.what()), e.hint());
    }
}

}  // namespace mailhold::vault
