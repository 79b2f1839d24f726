#pragma once
// Work that dies at its n-th change to the store, each time on the same vault.

#include <functional>
#include <string>

#include "world.hpp"

namespace mailhold::ledger {

class KilledWork : public testing::TestWithParam<Moment> {
protected:
    /// What start_over() goes back to.
    void keep_as_it_is()
    {
        world.save("vault before", world.paths().vault);
        world.save("state before", world.paths().state);
    }

    void start_over()
    {
        world.restore("vault before", world.paths().vault);
        world.restore("state before", world.paths().state);
    }

    /// False when `work` came to its end before its fatal change.
    bool dies(int fatal_change, const std::function<void(Ledger&)>& work)
    {
        const auto fate = std::make_shared<Fate>(fatal_change, GetParam());
        try {
            work(*world.open_mortal(fate));
        } catch (const Error& e) {
            EXPECT_TRUE(fate->dead()) << e.what();
        }
        return fate->dead();
    }

    /// The catalog is what the journal says.
    void expect_rebuilt_alike(Ledger& ledger)
    {
        const std::string as_grown = snapshot(ledger.catalog());
        ledger.rebuild_catalog(world.keys(), {});
        EXPECT_EQ(snapshot(ledger.catalog()), as_grown);
    }

    World world;
};

inline std::string name_of_moment(const testing::TestParamInfo<Moment>& moment)
{
    return moment.param == Moment::before ? "before" : "after";
}

}  // namespace mailhold::ledger
