// Durations and sizes as people write them.

#include "mailhold/config/units.hpp"

#include <gmock/gmock.h>

#include "mailhold/base/bytes.hpp"

namespace mailhold::config {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsAWholeNumberWithAUnit)
{
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("30s"), 30s);
    EXPECT_EQ(parse_duration("5m"), 5min);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("5 m"), 5min);
    EXPECT_EQ(parse_duration("0s"), 0s);
    for (std::string_view text : {"", "s", "30", "30 seconds", "-1s", "+1s", "1.5s", "30S", "s30",
                                  " 30s", "30s ", "9999999999999999999999s", "2401h"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Size, IsAWholeNumberWithABinaryUnit)
{
    EXPECT_EQ(parse_size("512B"), 512U);
    EXPECT_EQ(parse_size("64KiB"), 64 * kibibyte);
    EXPECT_EQ(parse_size("32 MiB"), 32 * mebibyte);
    EXPECT_EQ(parse_size("2GiB"), 2 * gibibyte);
    for (std::string_view text :
         {"", "32", "32MB", "32mib", "-1B", "1.5GiB", "99999999999GiB", "18446744073709551615GiB"})
        EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Size, IsWrittenInTheLargestWholeUnit)
{
    EXPECT_EQ(format_size(2 * gibibyte), "2GiB");
    EXPECT_EQ(format_size(1536 * kibibyte), "1536KiB");
    EXPECT_EQ(format_size(1000), "1000B");
    EXPECT_EQ(format_size(0), "0B");
}

}  // namespace
}  // namespace mailhold::config
