#pragma once
// Which trouble with reading a message leaves the others worth delivering.

#include "mailhold/base/error.hpp"

namespace mailhold::deliver {

/// Of what reading a message throws: whether others can be read all the same. Trouble with the
/// store, the key or the destination concerns them all.
bool concerns_one_message(ErrorKind kind);

}  // namespace mailhold::deliver
