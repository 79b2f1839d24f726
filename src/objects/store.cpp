// A store that cannot keep objects open looks them up by name each time.

#include "mailhold/objects/store.hpp"

namespace mailhold::objects {

namespace {

class ByName final : public OpenObject {
public:
    ByName(const Store& store, std::string name) : store_(store), name_(std::move(name)) {}

    ByteBuffer read(std::uint64_t offset, std::uint64_t length) const override
    {
        return store_.get_range(name_, offset, length);
    }

private:
    const Store& store_;
    std::string name_;
};

}  // namespace

std::unique_ptr<OpenObject> Store::open(const std::string& name) const
{
    return std::make_unique<ByName>(*this, name);
}

}  // namespace mailhold::objects
