#pragma once
// The charsets that a worker process can read.

namespace mailhold::mail {

/// To be called before a worker confines itself: the tables of many charsets are files.
void load_charsets();

}  // namespace mailhold::mail
