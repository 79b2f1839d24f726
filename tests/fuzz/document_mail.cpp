// Attached messages.

#include "document.hpp"

namespace mailhold::fuzz {

void try_one(Bytes input)
{
    try_document(mail::read_mail, input);
}

}  // namespace mailhold::fuzz
