// What a provider lets in within 24 hours.

#include "catalog/catalog_fixture.hpp"
#include "mailhold/restore/restore.hpp"

namespace mailhold::restore {
namespace {

constexpr std::int64_t hour = 3'600;

class DailyBudgetTest : public catalog::CatalogTest {};

TEST_F(DailyBudgetTest, IsWholeAgainADayLater)
{
    DailyBudget budget(catalog(), "bob@x", 1'000);
    budget.spend(Time{0}, 300);
    budget.spend(Time{10 * hour}, 400);
    EXPECT_EQ(budget.left(Time{11 * hour}), 300u);
    EXPECT_EQ(budget.left(Time{24 * hour}), 600u);
    EXPECT_EQ(budget.left(Time{35 * hour}), 1'000u);
}

TEST_F(DailyBudgetTest, IsKeptForTheNextRunAndCountedByAddress)
{
    DailyBudget(catalog(), "bob@x", 1'000).spend(Time{0}, 1'200);
    reopen();
    EXPECT_EQ(DailyBudget(catalog(), "bob@x", 1'000).left(Time{hour}), 0u);
    EXPECT_EQ(DailyBudget(catalog(), "eve@x", 1'000).left(Time{hour}), 1'000u);
}

TEST_F(DailyBudgetTest, OfZeroIsNone)
{
    DailyBudget budget(catalog(), "bob@x", 0);
    budget.spend(Time{0}, 300);
    EXPECT_EQ(budget.left(Time{0}), std::nullopt);
}

}  // namespace
}  // namespace mailhold::restore
