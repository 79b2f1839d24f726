// Whole tar streams: our walker, and the tar and zstd programs.

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "archive/sample_bytes.hpp"
#include "mailhold/archive/tar.hpp"
#include "mailhold/archive/zstd.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::archive {
namespace {

constexpr std::uint64_t limit = 1 << 20;

std::string path_of(int number)
{
    return "messages/" + std::to_string(number) + ".eml";
}

ByteBuffer tar_of(int entries)
{
    TarEntryWriter writer;
    ByteBuffer tar;
    for (int i = 0; i < entries; ++i)
        writer.write({path_of(i), i, i % 2 == 0 ? "{\"uid\":" + std::to_string(i) + "}\n" : ""},
                     test::prose(static_cast<std::size_t>(i) * 100),
                     [&](Bytes piece) { append(tar, piece); });
    append(tar, end_of_tar());
    return tar;
}

/// Gives at most `most` bytes at a time.
auto dripping(Bytes from, std::size_t most)
{
    return [from, most](std::span<std::byte> out) mutable {
        const std::size_t now = std::min({most, out.size(), from.size()});
        std::copy_n(from.begin(), now, out.begin());
        from = from.subspan(now);
        return now;
    };
}

int count_entries(Bytes tar, std::size_t at_a_time)
{
    int count = 0;
    for_each_tar_entry(dripping(tar, at_a_time), limit, [&](ParsedTarEntry&& parsed) {
        EXPECT_EQ(parsed.entry.path, path_of(count));
        EXPECT_EQ(parsed.entry.mtime, count);
        EXPECT_EQ(parsed.entry.meta.empty(), count % 2 != 0);
        EXPECT_TRUE(parsed.content == test::prose(static_cast<std::size_t>(count) * 100));
        ++count;
    });
    return count;
}

/// A pipe's exit status and what it printed.
std::pair<int, std::string> run(const std::string& command)
{
    const test::TempDir dir;
    const std::string out = (dir.path() / "out").string();
    const int status = std::system((command + " >" + out + " 2>&1").c_str());
    std::ostringstream text;
    text << std::ifstream(out).rdbuf();
    return {status, text.str()};
}

void write_file(const std::filesystem::path& path, Bytes bytes)
{
    std::ofstream(path, std::ios::binary) << text_of(bytes);
}

TEST(TarStream, IsWalkedEntryByEntry)
{
    const ByteBuffer tar = tar_of(60);
    for (std::size_t at_a_time : {std::size_t{1} << 20, std::size_t{4096}, std::size_t{777}})
        EXPECT_EQ(count_entries(tar, at_a_time), 60);
    EXPECT_EQ(count_entries(Bytes(tar).first(tar.size() - 1024), 4096), 60);  // no end mark
    EXPECT_EQ(count_entries(end_of_tar(), 4096), 0);
}

TEST(TarStream, IsWalkedByteByByte)
{
    EXPECT_EQ(count_entries(tar_of(5), 1), 5);
}

TEST(TarStream, CutInsideAnEntryIsMalformed)
{
    const ByteBuffer tar = tar_of(4);
    std::vector<std::size_t> boundaries{0};
    TarEntryWriter writer;
    for (std::size_t size = 1; size < tar.size() - 1024; ++size) {
        const auto kind = test::kind_thrown_by([&] {
            for_each_tar_entry(dripping(Bytes(tar).first(size), 4096), limit,
                               [](ParsedTarEntry&&) {});
        });
        EXPECT_TRUE(kind == ErrorKind::malformed || !kind) << size;
        if (!kind)
            boundaries.push_back(size);
    }
    // Harmless only where an entry's content was whole: its padding may miss.
    EXPECT_LT(boundaries.size(), tar.size() / 2);
}

TEST(TarStream, FailuresOfReaderAndVisitorComeThrough)
{
    const ByteBuffer tar = tar_of(4);
    const auto broken = [](std::span<std::byte>) -> std::size_t {
        throw Error(ErrorKind::tampered, "block 0 is not authentic");
    };
    EXPECT_EQ(
        test::kind_thrown_by([&] { for_each_tar_entry(broken, limit, [](ParsedTarEntry&&) {}); }),
        ErrorKind::tampered);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  for_each_tar_entry(dripping(tar, 4096), limit, [](ParsedTarEntry&&) {
                      throw Error(ErrorKind::storage, "disk full");
                  });
              }),
              ErrorKind::storage);
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { for_each_tar_entry(dripping(tar, 4096), 100, [](ParsedTarEntry&&) {}); }),
              ErrorKind::malformed);
}

TEST(TarStream, FailuresInsideAContentComeThrough)
{
    const ByteBuffer content = test::noise(900'000);
    ByteBuffer tar;
    TarEntryWriter().write({"parts/a", 0, ""}, content, [&](Bytes piece) { append(tar, piece); });
    auto source = dripping(tar, 65'536);
    int calls = 0;
    const auto failing = [&](std::span<std::byte> out) {
        if (++calls == 5)
            throw Error(ErrorKind::damaged, "truncated");
        return source(out);
    };
    EXPECT_EQ(
        test::kind_thrown_by([&] { for_each_tar_entry(failing, limit, [](ParsedTarEntry&&) {}); }),
        ErrorKind::damaged);
}

TEST(TarStream, TarListsIt)
{
    const test::TempDir dir;
    write_file(dir.path() / "plain.tar", tar_of(3));
    const auto [status, listing] = run("tar tf " + (dir.path() / "plain.tar").string());
    EXPECT_EQ(status, 0);
    EXPECT_EQ(listing, path_of(0) + "\n" + path_of(1) + "\n" + path_of(2) + "\n");
}

TEST(TarStream, ZstdAndTarExtractItFromFrames)
{
    const ByteBuffer tar = tar_of(30);
    ByteBuffer frames;
    FrameCompressor compressor(FrameCompressor::Effort::archive);
    for (std::size_t at = 0; at < tar.size(); at += 10'000)
        compressor.compress_append(
            frames, Bytes(tar).subspan(at, std::min<std::size_t>(10'000, tar.size() - at)));
    const test::TempDir dir;
    write_file(dir.path() / "plain.tar.zst", frames);
    const std::string folder = dir.path().string();
    const auto [status, words] =
        run("cd " + folder + " && zstd -q -d plain.tar.zst && tar xf plain.tar");
    EXPECT_EQ(status, 0) << words;
    std::ostringstream content;
    content << std::ifstream(dir.path() / path_of(29), std::ios::binary).rdbuf();
    EXPECT_EQ(content.str(), text_of(test::prose(2900)));
}

}  // namespace
}  // namespace mailhold::archive
