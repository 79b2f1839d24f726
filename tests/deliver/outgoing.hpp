#pragma once
// Messages to deliver, and manifests read back.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/deliver/destination.hpp"

namespace mailhold::test {

/// `raw` must outlive the result. The id is `digit` 64 times.
inline deliver::Outgoing outgoing(std::string folder, std::string_view raw, Flags flags = {},
                                  char digit = 'a')
{
    deliver::Outgoing message;
    message.folder = std::move(folder);
    message.raw = bytes_of(raw);
    message.flags = std::move(flags);
    message.date = InternalDate{1709222399, 480};
    message.id_hex = std::string(64, digit);
    return message;
}

inline std::vector<Json> json_lines(std::string_view text)
{
    std::vector<Json> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(Json::parse(text.substr(0, end)));
        text.remove_prefix(end + 1);
    }
    return lines;
}

inline std::vector<Json> manifest_in(const std::filesystem::path& folder)
{
    return json_lines(read_text_file(folder / deliver::manifest_name));
}

/// Messages that formats have to carry unchanged.
inline const std::vector<std::string>& odd_messages()
{
    static const std::vector<std::string> messages = {
        "",
        "\n",
        "\r\n",
        "x",
        "Subject: plain\r\n\r\nbody\r\n",
        "Subject: no end\r\n\r\nbody",
        "Subject: lf\n\nbare\nlines\n\n\n",
        std::string("nul\0and \x80\xff", 10),
        "From me\nFrom you\n>From them\n>>From all\n From none\nxFrom x\n>\n>>>>From "
        "\r\nFrom\nFrom ",
        "From From \nFrom From \r\nFrom From\rFrom \n",
        "\r\nblank first\r\n",
        std::string(700'000, 'y') + "\nFrom " + std::string(300'000, '>') + "From \n",
    };
    return messages;
}

}  // namespace mailhold::test
