// Shards out to objects and back.

#include "mailhold/vault/shard.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"

#include "names.hpp"

namespace mailhold::vault {

std::string shard_name(const crypto::Hash& object)
{
    return std::string(index_folder) + object.hex();
}

ShardUpload::ShardUpload(objects::Store& store, const WriterKit& kit, std::uint64_t size_bytes,
                         const Source& source)
    : upload_(store.begin_upload(kit.writer.hex()))
{
    sealed::Header header;
    header.kind = sealed::Kind::shard;
    sealed::StreamWriter stream(kit.sealing(), std::move(header),
                                [this](Bytes bytes) { upload_->write(bytes); });
    for (std::uint64_t offset = 0; offset < size_bytes; offset += sealed::shard_block_bytes)
        stream.append_plain(source(
            offset, std::min<std::uint64_t>(sealed::shard_block_bytes, size_bytes - offset)));
    finished_ = stream.finish();
}

ShardUpload::~ShardUpload() = default;

void ShardUpload::publish()
{
    upload_->publish(shard_name(finished_.object));
}

sealed::StreamReader open_shard(const objects::Store& store, const ReaderKeys& keys,
                                const crypto::Hash& object, Bytes header,
                                sealed::BlockTable&& blocks)
{
    const sealed::Header decoded = sealed::decode_header(header);
    if (decoded.kind != sealed::Kind::shard)
        throw Error(ErrorKind::tampered, "the journal calls a shard what is none");
    // Shared: std::function must be copyable.
    auto source = [file = std::shared_ptr(store.open(shard_name(object)))](std::uint64_t offset,
                                                                           std::uint64_t length) {
        return file->read(offset, length);
    };
    return sealed::StreamReader(keys.opening(decoded), std::move(source), header,
                                std::move(blocks));
}

}  // namespace mailhold::vault
