// Posting sources: Xapian asks them for the next document, or whether one matches. They say that
// all might, so that in a conjunction the terms lead and these are only asked about what is left.

#include "sources.hpp"

#include "values.hpp"

namespace mailhold::index {

namespace {

/// Documents are told by one of their values, which each has.
class ColumnSource : public Xapian::PostingSource {
public:
    explicit ColumnSource(Xapian::valueno slot) : slot_(slot) {}

    Xapian::doccount get_termfreq_min() const override { return 0; }
    Xapian::doccount get_termfreq_est() const override { return documents_; }
    Xapian::doccount get_termfreq_max() const override { return documents_; }

    void init(const Xapian::Database& shard) override
    {
        documents_ = shard.get_doccount();
        here_ = shard.valuestream_begin(slot_);
        end_ = shard.valuestream_end(slot_);
        started_ = false;
    }

    void next(double) override
    {
        if (started_)
            ++here_;
        go_to_match();
    }

    void skip_to(Xapian::docid document, double) override
    {
        here_.skip_to(document);
        go_to_match();
    }

    bool check(Xapian::docid document, double) override
    {
        here_.skip_to(document);
        started_ = true;
        return at_end() || matches(*here_);
    }

    bool at_end() const override { return here_ == end_; }
    Xapian::docid get_docid() const override { return here_.get_docid(); }

private:
    virtual bool matches(const std::string& value) = 0;

    void go_to_match()
    {
        started_ = true;
        while (here_ != end_ && !matches(*here_))
            ++here_;
    }

    Xapian::valueno slot_;
    Xapian::doccount documents_ = 0;
    Xapian::ValueIterator here_;
    Xapian::ValueIterator end_;
    bool started_ = false;
};

class AmongSource final : public ColumnSource {
public:
    explicit AmongSource(std::shared_ptr<const IdSet> ids)
        : ColumnSource(id_prefix_slot), ids_(std::move(ids))
    {
    }

    PostingSource* clone() const override { return new AmongSource(ids_); }

private:
    bool matches(const std::string& id_prefix) override
    {
        return ids_->contains(id_prefix_of(id_prefix));
    }

    std::shared_ptr<const IdSet> ids_;  // shared with the query, which Xapian copies
};

class PhraseSource final : public ColumnSource {
public:
    explicit PhraseSource(const PhraseFinder& phrase) : ColumnSource(places_slot), phrase_(phrase)
    {
    }

    PostingSource* clone() const override { return new PhraseSource(phrase_); }

private:
    bool matches(const std::string& places) override { return phrase_.finds_in(places); }

    PhraseFinder phrase_;
};

}  // namespace

Xapian::Query among_query(std::shared_ptr<const IdSet> ids)
{
    return Xapian::Query((new AmongSource(std::move(ids)))->release());
}

Xapian::Query phrase_query(const PhrasePlaces& places)
{
    std::vector<Xapian::Query> parts;
    for (const std::vector<std::string>& place : places)
        parts.emplace_back(Xapian::Query::OP_SYNONYM, place.begin(), place.end());
    parts.emplace_back((new PhraseSource(PhraseFinder(places)))->release());
    return Xapian::Query(Xapian::Query::OP_AND, parts.begin(), parts.end());
}

}  // namespace mailhold::index
