// The exit code of a report, and what a vault that does not open is called.

#include "verdict.hpp"

#include <gtest/gtest.h>

namespace mailhold::upkeep {
namespace {

CheckReport report_of(const std::vector<Severity>& severities)
{
    CheckReport report;
    for (const Severity severity : severities) {
        report.findings.emplace_back();
        report.findings.back().severity = severity;
    }
    return report;
}

TEST(Verdict, TheGravestFindingDecides)
{
    using enum Severity;
    struct Row {
        std::vector<Severity> found;
        int exit_code;
        std::string verdict;
    };
    const std::vector<Row> table{
        {{}, 0, "clean"},
        {{harmless, harmless}, 0, "clean"},
        {{harmless, too_new}, 14, "too new"},
        {{too_new, damage}, 3, "damage"},
        {{tampering, damage, too_new}, 4, "tampering"},
        {{damage, unreadable, tampering, too_new}, 5, "unreadable"},
    };
    for (const Row& row : table) {
        const CheckReport report = report_of(row.found);
        EXPECT_EQ(report.exit_code(), row.exit_code);
        EXPECT_EQ(report.verdict(), row.verdict);
    }
}

TEST(Verdict, AVaultThatDoesNotOpenIsItsOneFinding)
{
    const CheckReport report = unopenable(Error(ErrorKind::tampered, "wrong signature"));
    EXPECT_EQ(report.exit_code(), 4);
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].kind, "tampered");
    EXPECT_EQ(report.findings[0].object, "root/");
    EXPECT_EQ(report.findings[0].detail, "wrong signature");
    EXPECT_EQ(report.findings[0].next, next_step(Severity::tampering));
    EXPECT_EQ(unopenable(Error(ErrorKind::damaged, "cut", "mend it")).findings[0].next, "mend it");
    EXPECT_EQ(unopenable(Error(ErrorKind::store_unavailable, "no disk")).exit_code(), 5);
    EXPECT_EQ(unopenable(Error(ErrorKind::too_new, "v2")).exit_code(), 14);
}

TEST(Verdict, EveryGraveFindingHasANextStep)
{
    using enum Severity;
    for (const Severity severity : {too_new, damage, tampering, unreadable}) {
        EXPECT_FALSE(next_step(severity).empty());
        EXPECT_FALSE(word_for(severity).empty());
    }
}

}  // namespace
}  // namespace mailhold::upkeep
