// Posting sources: Xapian asks them for the next document, or whether one matches. They say that
// all might, so that in a conjunction the terms lead and these are only asked about what is left.

#include "sources.hpp"

#include <algorithm>

#include "values.hpp"

namespace mailhold::index {

namespace {

class Source : public Xapian::PostingSource {
public:
    Xapian::doccount get_termfreq_min() const override { return 0; }
    Xapian::doccount get_termfreq_est() const override { return documents_; }
    Xapian::doccount get_termfreq_max() const override { return documents_; }

protected:
    Xapian::doccount documents_ = 0;
};

class AmongSource final : public Source {
public:
    explicit AmongSource(std::shared_ptr<const IdSet> ids) : ids_(std::move(ids)) {}

    PostingSource* clone() const override { return new AmongSource(ids_); }

    void init(const Xapian::Database& shard) override
    {
        documents_ = shard.get_doccount();
        here_ = shard.valuestream_begin(id_prefix_slot);
        end_ = shard.valuestream_end(id_prefix_slot);
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
        return at_end() || matches();
    }

    bool at_end() const override { return here_ == end_; }
    Xapian::docid get_docid() const override { return here_.get_docid(); }

private:
    bool matches() const { return ids_->contains(id_prefix_of(*here_)); }

    void go_to_match()
    {
        started_ = true;
        while (here_ != end_ && !matches())
            ++here_;
    }

    std::shared_ptr<const IdSet> ids_;  // shared with the query, which Xapian copies
    Xapian::ValueIterator here_;
    Xapian::ValueIterator end_;
    bool started_ = false;
};

class PhraseSource final : public Source {
public:
    explicit PhraseSource(PhrasePlaces places) : places_(std::move(places)) {}

    PostingSource* clone() const override { return new PhraseSource(places_); }

    void init(const Xapian::Database& shard) override
    {
        shard_ = shard;
        documents_ = shard.get_doccount();
        last_ = shard.get_lastdocid();
        here_ = 0;
    }

    void next(double) override { go_to_match(here_ + 1); }
    void skip_to(Xapian::docid document, double) override
    {
        go_to_match(std::max(here_, document));
    }

    bool check(Xapian::docid document, double) override
    {
        here_ = std::max(here_, document);
        return at_end() || matches();
    }

    bool at_end() const override { return here_ > last_; }
    Xapian::docid get_docid() const override { return here_; }

private:
    void go_to_match(Xapian::docid document)
    {
        for (here_ = document; here_ <= last_ && !matches();)
            ++here_;
    }

    bool matches() const
    {
        std::vector<Xapian::termpos> starts = positions(places_.front());
        for (std::size_t i = 1; i < places_.size() && !starts.empty(); ++i) {
            const std::vector<Xapian::termpos> next = positions(places_[i]);
            std::erase_if(starts, [&](Xapian::termpos start) {
                return !std::binary_search(next.begin(), next.end(),
                                           start + static_cast<Xapian::termpos>(i));
            });
        }
        return !starts.empty();
    }

    std::vector<Xapian::termpos> positions(const std::vector<std::string>& terms) const
    {
        std::vector<Xapian::termpos> all;
        for (const std::string& term : terms) {
            const auto middle = static_cast<std::ptrdiff_t>(all.size());
            std::copy(shard_.positionlist_begin(here_, term), shard_.positionlist_end(here_, term),
                      std::back_inserter(all));
            std::inplace_merge(all.begin(), all.begin() + middle, all.end());
        }
        return all;
    }

    PhrasePlaces places_;
    Xapian::Database shard_;
    Xapian::docid here_ = 0;
    Xapian::docid last_ = 0;
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
    parts.emplace_back((new PhraseSource(places))->release());
    return Xapian::Query(Xapian::Query::OP_AND, parts.begin(), parts.end());
}

}  // namespace mailhold::index
