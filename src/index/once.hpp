#pragma once
// Each message once, in whatever shards it stands.

#include <xapian.h>

#include "seen_ids.hpp"
#include "values.hpp"

namespace mailhold::index {

/// Lets the first document of each message through. Xapian asks it about every match where it is
/// told to look at all.
class Once : public Xapian::MatchDecider {
public:
    bool operator()(const Xapian::Document& document) const override
    {
        return ids_.insert(id_prefix_of(document.get_value(order_slot)));
    }

    const SeenIds& ids() const noexcept { return ids_; }

private:
    mutable SeenIds ids_;  // Xapian calls deciders as const
};

}  // namespace mailhold::index
