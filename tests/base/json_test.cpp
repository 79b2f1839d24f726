// JSON in: strictly. JSON out: exactly, and whatever the bytes.

#include "mailhold/base/json.hpp"

#include <chrono>
#include <limits>

#include <gmock/gmock.h>

#include "support/kind_thrown_by.hpp"

namespace mailhold {
namespace {

using test::kind_thrown_by;

TEST(JsonParse, TextComesBackAsItWas)
{
    for (std::string_view text :
         {"null", "true", "false", "0", "-1", "9007199254740992", "-9007199254740992", "1.5",
          "1e+300", "\"\"", "[]", "{}", "[1,[2,[3]]]",
          R"({"b":1,"a":[true,null,{"x":"y"}],"c":-0.25})",
          "\"\xe5\xb7\xb2\xe5\x8f\x91\xe9\x80\x81\"", R"("a\"b\\c\n\r\t\u0001\u001f")", "\"\x7f\""})
        EXPECT_EQ(Json::parse(text).dump(), text);
}

TEST(JsonParse, SpaceAndEscapesAreUnderstood)
{
    EXPECT_EQ(Json::parse(" { \"a\" : [ 1 , \"\\u5df2\\/\\ud83d\\ude00\" ] }\n").dump(),
              "{\"a\":[1,\"\xe5\xb7\xb2/\xf0\x9f\x98\x80\"]}");
    EXPECT_EQ(Json::parse("1.0"), Json(1.0));
    EXPECT_EQ(Json::parse("1"), Json(1));
}

TEST(JsonParse, WhatIsNotExactlyOneStrictValueIsMalformed)
{
    for (std::string_view text : {"",
                                  " ",
                                  "nul",
                                  "tru",
                                  "1 2",
                                  "{}{}",
                                  "[1,]",
                                  "{\"a\":1,}",
                                  "{a:1}",
                                  "{'a':1}",
                                  "[1",
                                  "{\"a\"",
                                  "{\"a\":}",
                                  "\"abc",
                                  "\"\\x\"",
                                  "\"\\u12\"",
                                  "\"\\ud800\"",
                                  "\"a\nb\"",
                                  "01",
                                  "+1",
                                  ".5",
                                  "1.",
                                  "NaN",
                                  "Infinity",
                                  "1e999",
                                  "/*c*/1",
                                  "[1]//c",
                                  "\xef\xbb\xbf{}",
                                  "\"\xff\"",
                                  "\"\xc0\x80\"",
                                  "\"\xed\xa0\x80\"",
                                  "\"\xe5\xb7\"",
                                  "{\"a\":1,\"a\":2}",
                                  "[{\"b\":{\"x\":1,\"y\":2,\"x\":3}}]",
                                  "9007199254740993",
                                  "-9007199254740993",
                                  "18446744073709551615",
                                  "99999999999999999999999",
                                  "-99999999999999999999999"})
        EXPECT_EQ(kind_thrown_by([&] { return Json::parse(text); }), ErrorKind::malformed) << text;
    EXPECT_EQ(kind_thrown_by([] { return Json::parse(std::string_view("1\0", 2)); }),
              ErrorKind::malformed);
}

TEST(JsonParse, EveryCutOfAnObjectIsMalformed)
{
    const std::string text = R"({"e":"placed","fid":7,"x":[1.5,null,"\u00e9"],"y":{"z":true}})";
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(kind_thrown_by([&] { return Json::parse(text.substr(0, size)); }),
                  ErrorKind::malformed)
            << size;
}

TEST(JsonParse, NestsTo32AndNoDeeper)
{
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(Json::parse(nested(32)).dump(), nested(32));
    EXPECT_EQ(kind_thrown_by([&] { return Json::parse(nested(33)); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { return Json::parse(nested(1000000)); }), ErrorKind::malformed);
}

TEST(JsonParse, AnObjectOfManyKeysTakesNoQuadraticTime)
{
    std::string text = "{";
    for (int i = 0; i < 100000; ++i)
        text += "\"" + std::to_string(i) + "\":0,";
    text.back() = '}';
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(Json::parse(text).as_object().size(), 100000U);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(JsonParse, ErrorsDoNotQuoteTheText)
{
    try {
        Json::parse("{\"subject\":\"secret offer\"");
        FAIL();
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), testing::Not(testing::HasSubstr("secret")));
    }
}

TEST(JsonDump, InvalidUtf8BecomesReplacementCharacters)
{
    EXPECT_EQ(Json("a\xff"
                   "b")
                  .dump(),
              "\"a\xef\xbf\xbd"
              "b\"");
    EXPECT_EQ(Json("\xe5\xb7").dump(), "\"\xef\xbf\xbd\"") << "one for a character that breaks off";
    EXPECT_EQ(Json("\xc0\x80").dump(), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    EXPECT_EQ(Json::object({{"\xff", 1}}).dump(), "{\"\xef\xbf\xbd\":1}");
}

TEST(JsonDump, EveryStringOfTwoBytesIsValidAndParsesAgain)
{
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; b += 3) {
            const std::string text{static_cast<char>(a), static_cast<char>(b)};
            const std::string back = Json::parse(Json(text).dump()).as_string();
            if (is_utf8(text)) {
                EXPECT_EQ(back, text);
            }
        }
    }
}

TEST(JsonDump, PrettyFormIsIndentedByTwo)
{
    const Json json =
        Json::object({{"a", Json::Array{1, "x"}}, {"b", Json::Object{}}, {"c", Json::array()}});
    EXPECT_EQ(json.dump_pretty(),
              "{\n  \"a\": [\n    1,\n    \"x\"\n  ],\n  \"b\": {},\n  \"c\": []\n}");
    EXPECT_EQ(Json::parse(json.dump_pretty()), json);
    std::string out = "before ";
    json.dump_to(out);
    EXPECT_EQ(out, "before {\"a\":[1,\"x\"],\"b\":{},\"c\":[]}");
}

TEST(JsonDump, NumbersKeepTheirType)
{
    EXPECT_EQ(Json(1.0).dump(), "1.0");
    EXPECT_EQ(Json(0.1).dump(), "0.1");
    EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
    EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::min()).dump(), "-9223372036854775808");
}

TEST(JsonAccess, AnotherTypeIsMalformed)
{
    const Json text("x");
    EXPECT_EQ(kind_thrown_by([&] { return text.as_bool(); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { return text.as_integer(); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { return text.as_array().size(); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { return text.find("a"); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { return Json(1.5).as_integer(); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { return Json(-1).as_unsigned(); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { return Json().as_string(); }), ErrorKind::malformed);
    EXPECT_EQ(Json(7).as_unsigned(), 7U);
    EXPECT_TRUE(Json(true).as_bool());
}

TEST(JsonAccess, MembersAreFoundAndMissingOnesNamed)
{
    Json json;
    json.set("a", 1);
    json.set("b", "two");
    EXPECT_EQ(json.at("b").as_string(), "two");
    EXPECT_EQ(json.find("c"), nullptr);
    try {
        json.at("c");
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::malformed);
        EXPECT_THAT(e.what(), testing::HasSubstr("\"c\""));
    }
    Json list;
    list.push_back(1);
    EXPECT_EQ(list.dump(), "[1]");
    EXPECT_EQ(kind_thrown_by([&] { list.set("a", 1); }), ErrorKind::malformed);
    EXPECT_EQ(kind_thrown_by([&] { json.push_back(1); }), ErrorKind::malformed);
}

}  // namespace
}  // namespace mailhold
