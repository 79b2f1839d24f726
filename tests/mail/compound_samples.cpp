// MS-CFB, MS-DOC and MS-XLS, as little of them as a reader needs.

#include "mail/compound_samples.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

#include "mailhold/base/bytes.hpp"
#include "utf8.hpp"

namespace mailhold::test {

namespace {

constexpr std::uint32_t end_of_chain = 0xfffffffe;
constexpr std::uint32_t nothing = 0xffffffff;
constexpr std::size_t sector_bytes = 512;
constexpr std::size_t small_sector_bytes = 64;
constexpr std::size_t small_stream_bytes = 4096;

std::string padded(std::string bytes, std::size_t unit)
{
    bytes.resize((bytes.size() + unit - 1) / unit * unit, '\0');
    return bytes;
}

struct Node {
    std::string name;
    unsigned type = 2;  ///< 1 storage, 2 stream, 5 root
    std::string content{};
    std::vector<std::uint32_t> children{};
    std::uint32_t first = 0;
    std::uint32_t next_sibling = nothing;
};

/// Content laid out in sectors, and the chain through them.
class Sectors {
public:
    explicit Sectors(std::size_t bytes) : bytes_(bytes) {}

    std::uint32_t add(const std::string& content)
    {
        if (content.empty())
            return end_of_chain;
        const auto first = static_cast<std::uint32_t>(next_.size());
        data_ += padded(content, bytes_);
        while (next_.size() * bytes_ < data_.size())
            next_.push_back(static_cast<std::uint32_t>(next_.size()) + 1);
        next_.back() = end_of_chain;
        return first;
    }

    std::string table() const
    {
        std::string out;
        for (const std::uint32_t next : next_)
            out += le32(next);
        return out;
    }

    const std::string& data() const { return data_; }
    std::size_t count() const { return next_.size(); }

private:
    std::size_t bytes_;
    std::string data_;
    std::vector<std::uint32_t> next_;
};

std::string directory_entry(const Node& node)
{
    std::string out = utf16(node.name);
    const std::size_t name_bytes = out.size() + 2;
    out.resize(64, '\0');
    out += le16(static_cast<unsigned>(name_bytes));
    out += static_cast<char>(node.type);
    out += '\1';
    out += le32(nothing) + le32(node.next_sibling) +
           le32(node.children.empty() ? nothing : node.children.front());
    out.resize(116, '\0');
    return out + le32(node.first) + le32(static_cast<unsigned>(node.content.size())) + le32(0);
}

std::vector<Node> tree_of(const std::vector<std::pair<std::string, std::string>>& streams)
{
    std::vector<Node> nodes{{"Root Entry", 5}};
    std::map<std::string, std::uint32_t> numbers{{"", 0}};
    const auto add = [&](const std::string& parent, Node node) {
        const auto number = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back(std::move(node));
        std::vector<std::uint32_t>& siblings = nodes[numbers.at(parent)].children;
        if (!siblings.empty())
            nodes[siblings.back()].next_sibling = number;
        siblings.push_back(number);
        return number;
    };
    for (const auto& [path, content] : streams) {
        std::string parent;
        std::size_t start = 0;
        for (std::size_t slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', start)) {
            const std::string storage = path.substr(0, slash);
            if (!numbers.contains(storage))
                numbers[storage] = add(parent, {path.substr(start, slash - start), 1});
            parent = storage;
            start = slash + 1;
        }
        add(parent, {path.substr(start), 2, content});
    }
    return nodes;
}

std::string header(std::size_t tables, std::uint32_t directory, std::uint32_t small_table,
                   std::size_t first_table)
{
    std::string out("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    out += std::string(16, '\0') + le16(0x3e) + le16(3) + le16(0xfffe) + le16(9) + le16(6);
    out += std::string(10, '\0') + le32(static_cast<unsigned>(tables)) + le32(directory);
    out += le32(0) + le32(small_stream_bytes) + le32(small_table);
    out += le32(small_table == end_of_chain ? 0 : 1) + le32(end_of_chain) + le32(0);
    for (std::size_t i = 0; i < 109; ++i)
        out += le32(i < tables ? static_cast<unsigned>(first_table + i) : nothing);
    return out;
}

}  // namespace

std::string le16(unsigned value)
{
    return {static_cast<char>(value), static_cast<char>(value >> 8)};
}

std::string le32(unsigned value)
{
    return le16(value & 0xffff) + le16(value >> 16);
}

std::string utf16(std::string_view utf8)
{
    std::string out;
    for (std::size_t at = 0; at < utf8.size();) {
        const mail::Utf8Step step = mail::utf8_step(utf8, at);
        out += le16(step.character);
        at += step.bytes;
    }
    return out;
}

std::string compound_file(const std::vector<std::pair<std::string, std::string>>& streams)
{
    std::vector<Node> nodes = tree_of(streams);
    Sectors sectors(sector_bytes);
    Sectors small(small_sector_bytes);
    for (Node& node : nodes)
        if (node.type == 2)
            node.first = node.content.size() < small_stream_bytes ? small.add(node.content)
                                                                  : sectors.add(node.content);
    nodes[0].content = small.data();
    nodes[0].first = sectors.add(small.data());
    const std::uint32_t small_table = sectors.add(small.table());
    std::string entries;
    for (const Node& node : nodes)
        entries += directory_entry(node);
    const std::uint32_t directory = sectors.add(entries);

    // The table has chains for its own sectors, too.
    const std::size_t numbers = sector_bytes / 4;
    const std::size_t tables = sectors.count() / (numbers - 1) + 1;
    std::string table = sectors.table();
    for (std::size_t i = 0; i < tables; ++i)
        table += le32(0xfffffffd);
    while (table.size() < tables * sector_bytes)
        table += le32(nothing);
    return header(tables, directory, small_table, sectors.count()) + sectors.data() + table;
}

std::string doc(std::string_view latin, std::string_view other)
{
    constexpr unsigned text_start = 2048;
    const std::string wide = utf16(other);
    std::string document = le16(0xa5ec) + le16(0xc1) + std::string(6, '\0') + le16(0x0200);
    const auto characters = static_cast<unsigned>(latin.size() + wide.size() / 2);
    std::string pieces = le32(0) + le32(static_cast<unsigned>(latin.size())) + le32(characters);
    pieces += le16(0) + le32(text_start * 2 | 0x40000000) + le16(0);
    pieces += le16(0) + le32(text_start + static_cast<unsigned>(latin.size())) + le16(0);
    const std::string clx =
        "\1" + le16(2) + le16(0) + "\2" + le32(static_cast<unsigned>(pieces.size())) + pieces;
    document.resize(0x18, '\0');
    document +=
        le32(text_start) + le32(text_start + static_cast<unsigned>(latin.size() + wide.size()));
    document.resize(0x4c, '\0');
    document += le32(characters);  // of the main text
    document.resize(0x1a2, '\0');
    document += le32(0) + le32(static_cast<unsigned>(clx.size()));
    document.resize(text_start, '\0');
    document += std::string(latin) + wide;
    document.resize(std::max<std::size_t>(document.size(), small_stream_bytes), '\0');
    return compound_file({{"WordDocument", document}, {"1Table", clx}});
}

std::string excel_record(unsigned type, std::string_view data)
{
    return le16(type) + le16(static_cast<unsigned>(data.size())) + std::string(data);
}

std::string xls(std::string_view globals, std::string_view cells)
{
    const auto begin = [](unsigned kind) {
        return excel_record(0x809,
                            le16(0x600) + le16(kind) + le16(0) + le16(0) + le32(0) + le32(0));
    };
    const std::string end = excel_record(0x0a, "");
    return compound_file({{"Workbook", begin(5) + std::string(globals) + end + begin(0x10) +
                                           std::string(cells) + end}});
}

}  // namespace mailhold::test
