// Damage is a message's own trouble.

#include "mailhold/deliver/unreadable.hpp"

namespace mailhold::deliver {

bool concerns_one_message(ErrorKind kind)
{
    return kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
           kind == ErrorKind::not_found || kind == ErrorKind::malformed;
}

}  // namespace mailhold::deliver
