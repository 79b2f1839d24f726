// Archives of strangers, with documents inside.

#include "document.hpp"

namespace mailhold::fuzz {

void try_one(Bytes input)
{
    try_document(mail::read_archive, input);
}

}  // namespace mailhold::fuzz
