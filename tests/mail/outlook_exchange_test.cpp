// What goes between the reader of Outlook files and its parent.

#include "outlook_exchange.hpp"

#include <gtest/gtest.h>

#include "mailhold/base/error.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::mail {
namespace {

OutlookItem item()
{
    OutlookItem out;
    out.kind = OutlookItem::Kind::message;
    out.folders = {"Inbox", "客户"};
    out.name = "inquiry";
    out.flags = {"\\Answered", "\\Seen"};
    out.date = InternalDate{1'709'222'399, 0};
    out.trouble = "1 of its attachments could not be read";
    out.raw = copy_of(bytes_of("Subject: x\r\n\r\n"));
    return out;
}

TEST(OutlookExchange, AnItemArrivesAsItWasSent)
{
    const OutlookItem sent = item();
    const OutlookItem got = parse_outlook_item(answer_bytes(sent));
    EXPECT_EQ(got.kind, sent.kind);
    EXPECT_EQ(got.folders, sent.folders);
    EXPECT_EQ(got.name, sent.name);
    EXPECT_EQ(got.flags, sent.flags);
    EXPECT_EQ(got.date, sent.date);
    EXPECT_EQ(got.trouble, sent.trouble);
    EXPECT_EQ(got.raw, sent.raw);
}

TEST(OutlookExchange, AnAnswerThatBreaksOffIsMalformedUntilOnlyTheMessageIsShort)
{
    const OutlookItem sent = item();
    const ByteBuffer whole = answer_bytes(sent);
    for (std::size_t cut = 0; cut + sent.raw.size() < whole.size(); ++cut)
        EXPECT_EQ(test::kind_thrown_by([&] { parse_outlook_item(Bytes(whole).first(cut)); }),
                  ErrorKind::malformed)
            << cut;
}

TEST(OutlookExchange, WhatATakenOverWorkerSaysIsCleanedAndCut)
{
    OutlookItem sent = item();
    sent.name = "a\x1b[31m\nb\xff";
    sent.trouble = std::string(10'000, 'x');
    sent.folders.assign(1'000, "x");
    const OutlookItem got = parse_outlook_item(answer_bytes(sent));
    EXPECT_EQ(got.name.find_first_of("\x1b\n\xff"), std::string::npos);
    EXPECT_LE(got.trouble.size(), 500U);
    EXPECT_LE(got.folders.size(), 64U);

    ByteBuffer nonsense = answer_bytes(item());
    nonsense.front() = std::byte{200};
    EXPECT_EQ(test::kind_thrown_by([&] { parse_outlook_item(nonsense); }), ErrorKind::malformed);
}

}  // namespace
}  // namespace mailhold::mail
