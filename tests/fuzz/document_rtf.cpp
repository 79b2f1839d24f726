// RTF.

#include "document.hpp"

namespace mailhold::fuzz {

void try_one(Bytes input)
{
    try_document(mail::read_rtf, input);
}

}  // namespace mailhold::fuzz
