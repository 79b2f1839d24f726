#pragma once
// The dossier as pages for people.

#include <string>

#include "mailhold/handover/dossier.hpp"

namespace mailhold::handover {

/// One self-contained page for A4 paper: no scripts, nothing from elsewhere.
std::string page_html(const Dossier& dossier);

/// The same in Markdown (CommonMark with tables).
std::string page_markdown(const Dossier& dossier);

}  // namespace mailhold::handover
