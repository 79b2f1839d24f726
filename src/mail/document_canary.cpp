// The canary PDF, by hand.

#include "document_canary.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

namespace mailhold::mail {

namespace {

/// A font of Adobe's Chinese collection; `number` is where its descendant stands.
std::string chinese_font(std::string_view encoding, int number)
{
    return fmt::format("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/{}"
                       "/DescendantFonts[{} 0 R]>>",
                       encoding, number);
}

std::string page_content()
{
    const std::string_view drawn = "BT /F1 12 Tf 50 700 Td <4E0D950894A287BA6BCD> Tj "
                                   "0 -20 Td /F2 12 Tf <B1A8BCDBB5A5> Tj ET";
    return fmt::format("<</Length {}>>\nstream\n{}\nendstream", drawn.size(), drawn);
}

}  // namespace

std::string canary_pdf()
{
    const std::array<std::string, 8> objects = {
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
        page_content(),
        chinese_font("UniGB-UCS2-H", 7),
        chinese_font("GBK-EUC-H", 7),
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 8 0 R/DW 1000>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
        "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    };
    std::string out = "%PDF-1.4\n";
    std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
    int number = 0;
    for (const std::string& object : objects) {
        table += fmt::format("{:010} 00000 n \n", out.size());
        out += fmt::format("{} 0 obj\n{}\nendobj\n", ++number, object);
    }
    const std::size_t table_start = out.size();
    return out + table +
           fmt::format("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n",
                       objects.size() + 1, table_start);
}

}  // namespace mailhold::mail
