// Receipts: what was signed reads back, and nothing else does.

#include <gmock/gmock.h>

#include "mailhold/handover/receipt.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::handover {
namespace {

class ReceiptTest : public testing::Test {
protected:
    ReceiptTest()
    {
        log_.vault = crypto::random_id<crypto::VaultId>();
        log_.root = crypto::new_sign_pair().public_key;
        for (const crypto::SignPair* pair : {&writer_, &other_}) {
            const auto id = crypto::random_id<crypto::WriterId>();
            vault::WriterInfo writer;
            writer.id = id;
            writer.key = pair->public_key;
            writer.name = "nas";
            log_.writers[id] = writer;
        }
        for (const auto& [id, writer] : log_.writers)
            if (writer.key == writer_.public_key)
                receipt_.writer = id;
        receipt_.vault = log_.vault;
        receipt_.root_fingerprint = log_.fingerprint();
    }

    std::optional<ErrorKind> kind(const std::string& text) const
    {
        return test::kind_thrown_by([&] { return check_receipt(text, log_); });
    }

    crypto::SignPair writer_ = crypto::new_sign_pair();
    crypto::SignPair other_ = crypto::new_sign_pair();
    vault::RootLog log_;
    Receipt receipt_{.head = {7, crypto::hash(bytes_of("head"))},
                     .case_id = "1a2b3c",
                     .run = 2,
                     .leaver = "alice@company.example",
                     .opened = Time{1'773'000'000},
                     .begins = Time{1'772'000'000},
                     .started = Time{1'773'000'100},
                     .ended = Time{1'773'000'200},
                     .parts = {{.to = "bob@company.example",
                                .planned = 3,
                                .uploaded = 1,
                                .already_there = 1,
                                .verified = 1,
                                .bytes = 12,
                                .failed = {crypto::ContentId{{std::byte{9}}}},
                                .list = crypto::hash(bytes_of("list"))}}};
};

TEST_F(ReceiptTest, ReadsBackAsItWasSigned)
{
    const CheckedReceipt checked = check_receipt(signed_receipt(receipt_, writer_), log_);
    EXPECT_EQ(checked.receipt.parts, receipt_.parts);
    EXPECT_EQ(checked.receipt.head.seq, 7);
    EXPECT_EQ(checked.receipt.head.hash, receipt_.head.hash);
    EXPECT_EQ(checked.receipt.case_id, "1a2b3c");
    EXPECT_EQ(checked.receipt.run, 2);
    EXPECT_EQ(checked.receipt.ended, receipt_.ended);
    EXPECT_EQ(checked.writer_name, "nas");
    EXPECT_FALSE(checked.writer_is_revoked);
}

TEST_F(ReceiptTest, IsRefusedWhateverByteIsChanged)
{
    const std::string text = signed_receipt(receipt_, writer_);
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const char mask : {'\x01', '\x20'}) {
            std::string changed = text;
            changed[at] = static_cast<char>(changed[at] ^ mask);
            EXPECT_EQ(kind(changed), ErrorKind::tampered) << "byte " << at;
        }
}

TEST_F(ReceiptTest, IsRefusedWhereverItIsCutOrPadded)
{
    const std::string text = signed_receipt(receipt_, writer_);
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(kind(text.substr(0, size)), ErrorKind::tampered) << "cut at byte " << size;
    EXPECT_EQ(kind(text + "\n"), ErrorKind::tampered);
    EXPECT_EQ(kind("\n" + text), ErrorKind::tampered);
}

TEST_F(ReceiptTest, IsRefusedFromAnotherVaultOrWriter)
{
    EXPECT_EQ(kind(signed_receipt(receipt_, crypto::new_sign_pair())), ErrorKind::tampered);
    EXPECT_EQ(kind(signed_receipt(receipt_, other_)), ErrorKind::tampered)
        << "signed by one, in the name of another";
    Receipt elsewhere = receipt_;
    elsewhere.vault = crypto::random_id<crypto::VaultId>();
    EXPECT_EQ(kind(signed_receipt(elsewhere, writer_)), ErrorKind::tampered);
}

TEST_F(ReceiptTest, ASignatureForSomethingElseIsNone)
{
    const std::string text = signed_receipt(receipt_, writer_);
    const std::string json = text.substr(0, text.find('\n'));
    const auto signature = crypto::sign(writer_, {"mailhold-root-v1\0", 17}, bytes_of(json));
    EXPECT_EQ(kind(json + "\n" + to_base64(signature.bytes()) + "\n"), ErrorKind::tampered);
}

TEST_F(ReceiptTest, ASignedLineThatIsNoReceiptIsNone)
{
    for (const std::string line : {"", "{}", "x", "{\"v\":1}"}) {
        const auto signature = crypto::sign(writer_, {"mailhold-receipt-v1\0", 20}, bytes_of(line));
        EXPECT_EQ(kind(line + "\n" + to_base64(signature.bytes()) + "\n"), ErrorKind::tampered)
            << line;
    }
}

TEST_F(ReceiptTest, ARevokedWriterIsNamedAsOne)
{
    log_.writers[receipt_.writer].revoked_after_seq = 3;
    EXPECT_TRUE(check_receipt(signed_receipt(receipt_, writer_), log_).writer_is_revoked);
}

TEST(ReceiptList, IsTheSameInAnyOrder)
{
    const crypto::ContentId a{{std::byte{1}}};
    const crypto::ContentId b{{std::byte{2}}};
    EXPECT_EQ(list_hash({a, b, a}), list_hash({b, a}));
    EXPECT_NE(list_hash({a, b}), list_hash({a}));
    ByteBuffer both;
    append(both, a.bytes());
    append(both, b.bytes());
    EXPECT_EQ(list_hash({b, a}), crypto::hash(both));
}

TEST(ReceiptPart, NamesWhatFailed)
{
    restore::Plan plan;
    for (const int number : {5, 4, 5}) {
        deliver::UploadMessage message;
        message.id.value[0] = static_cast<std::byte>(number);
        plan.messages.push_back(message);
    }
    deliver::UploadReport report;
    report.planned = 3;
    report.uploaded = 1;
    report.failed = {{2, "too large"}, {1, "too large"}};
    const ReceiptPart part = receipt_part("bob@company.example", plan, report);
    EXPECT_EQ(part.failed, (std::vector{plan.messages[1].id, plan.messages[0].id}));
    EXPECT_EQ(part.list, list_hash({plan.messages[0].id, plan.messages[1].id}));
    EXPECT_EQ(part.planned, 3);
}

}  // namespace
}  // namespace mailhold::handover
