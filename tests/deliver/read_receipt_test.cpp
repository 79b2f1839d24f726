// Which messages may send a receipt when they are opened.

#include <gmock/gmock.h>

#include "read_receipt.hpp"

namespace mailhold::deliver {
namespace {

bool asks(std::string_view raw, const Flags& flags = {})
{
    return asks_for_receipt(bytes_of(raw), flags);
}

TEST(ReadReceipt, Case51_TheHeaderFieldAsksInAnyCase)
{
    EXPECT_TRUE(asks("A: b\r\nDisposition-Notification-To: <a@x>\r\n\r\n"));
    EXPECT_TRUE(asks("disposition-notification-TO: a@x\nA: b\n\n"));
    EXPECT_TRUE(asks("Disposition-Notification-To:"));
}

TEST(ReadReceipt, Case51_BodiesAndOtherFieldsDoNotAsk)
{
    EXPECT_FALSE(asks("A: b\r\n\r\nDisposition-Notification-To: a@x\r\n"));
    EXPECT_FALSE(asks("A: b\n\nDisposition-Notification-To: a@x\n"));
    EXPECT_FALSE(asks("Disposition-Notification-Options: x\r\n\r\n"));
    EXPECT_FALSE(asks("X-Disposition-Notification-To: a@x\r\n\r\n"));
    EXPECT_FALSE(asks(""));
}

TEST(ReadReceipt, Case51_WhatWasSentIsNotSentAgain)
{
    EXPECT_FALSE(asks("Disposition-Notification-To: a@x\r\n\r\n", {"$MDNSent"}));
    EXPECT_TRUE(asks("Disposition-Notification-To: a@x\r\n\r\n", {"\\Seen"}));
}

}  // namespace
}  // namespace mailhold::deliver
