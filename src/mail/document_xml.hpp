#pragma once
// XML as it comes, piece by piece: no tree, no entities but the five that XML has itself, no files
// and no network.

#include <memory>
#include <string_view>

#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

class XmlAttributes {
public:
    explicit XmlAttributes(const unsigned char** fields, int count) : fields_(fields), count_(count)
    {
    }
    /// By its name without prefix; empty when it is not there. References in it stay as written.
    std::string_view value(std::string_view name) const;

private:
    const unsigned char** fields_;  ///< five pointers an attribute, as libxml2 hands them over
    int count_;
};

/// Names come without their prefixes.
class XmlVisitor {
public:
    virtual ~XmlVisitor() = default;
    virtual void open(std::string_view /*element*/, const XmlAttributes& /*attributes*/) {}
    virtual void text(std::string_view /*piece*/) {}
    virtual void close(std::string_view /*element*/) {}
};

class XmlReader {
public:
    explicit XmlReader(XmlVisitor& visitor);
    ~XmlReader();

    /// False when nothing more can be read. Throws what the visitor throws.
    bool feed(Bytes piece);
    /// True when it was XML to its end; what could be read of it was read in any case.
    bool finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::mail
