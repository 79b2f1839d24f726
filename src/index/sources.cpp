// Posting sources: Xapian asks them for the next document, or whether one matches. They say that
// all might, so that in a conjunction the terms lead and these are only asked about what is left.

#include "sources.hpp"

#include <algorithm>

#include "places.hpp"
#include "terms_marks.hpp"
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

/// One that knows its matches, and stands at one of them.
class KnownMatches : public Source {
public:
    void next(double) override { go_to_match(here_ + 1); }
    void skip_to(Xapian::docid document, double) override
    {
        go_to_match(std::max(here_, document));
    }
    Xapian::docid get_docid() const override { return here_; }

protected:
    /// The first from `document` on, or the end.
    virtual void go_to_match(Xapian::docid document) = 0;

    Xapian::docid here_ = 0;
};

/// Reads the terms one after the other when the search begins.
class PrefixSource final : public KnownMatches {
public:
    PrefixSource(std::string prefix, std::string marks)
        : prefix_(std::move(prefix)), marks_(std::move(marks))
    {
    }

    PostingSource* clone() const override { return new PrefixSource(prefix_, marks_); }

    void init(const Xapian::Database& shard) override
    {
        documents_ = shard.get_doccount();
        is_match_.assign(std::size_t{shard.get_lastdocid()} + 1, false);
        here_ = 0;
        for (auto term = shard.allterms_begin(prefix_); term != shard.allterms_end(prefix_); ++term)
            if (has_mark(*term, marks_))
                for (auto document = shard.postlist_begin(*term);
                     document != shard.postlist_end(*term); ++document)
                    is_match_[*document] = true;
    }

    bool check(Xapian::docid document, double) override
    {
        here_ = std::max(here_, document);
        return at_end() || is_match_[here_];
    }

    bool at_end() const override { return here_ >= is_match_.size(); }

private:
    void go_to_match(Xapian::docid document) override
    {
        for (here_ = document; !at_end() && !is_match_[here_]; ++here_)
            continue;
    }

    std::string prefix_;
    std::string marks_;
    std::vector<bool> is_match_;  ///< by document
};

/// Stretch by stretch.
class PhraseSource final : public KnownMatches {
public:
    explicit PhraseSource(PhrasePlaces places) : places_(std::move(places)) {}

    PostingSource* clone() const override { return new PhraseSource(places_); }

    void init(const Xapian::Database& shard) override
    {
        shard_ = shard;
        documents_ = shard.get_doccount();
        here_ = 0;
        stretches_.clear();
        for (auto stretch = shard.valuestream_begin(stretch_slot);
             stretch != shard.valuestream_end(stretch_slot); ++stretch)
            stretches_.push_back({.first = stretch.get_docid(), .id = *stretch});
        end_ = shard.get_lastdocid() + 1;
        next_ = 0;
        matches_.clear();
    }

    bool check(Xapian::docid document, double) override
    {
        here_ = std::max(here_, document);
        go_to_stretch_of(here_);
        return at_end() || std::ranges::binary_search(matches_, here_);
    }

    bool at_end() const override { return here_ >= end_; }

private:
    struct Stretch {
        Xapian::docid first = 0;
        std::string id;
    };

    /// Documents only ever grow.
    void go_to_stretch_of(Xapian::docid document)
    {
        const std::size_t before = next_;
        while (next_ < stretches_.size() && stretches_[next_].first <= document)
            ++next_;
        if (next_ != before)
            read(stretches_[next_ - 1]);
    }

    Xapian::docid end_of_stretch() const
    {
        return next_ < stretches_.size() ? stretches_[next_].first : end_;
    }

    void read(const Stretch& stretch)
    {
        std::vector<std::vector<std::string>> lists;
        for (const std::vector<std::string>& terms : places_) {
            lists.emplace_back();
            for (const std::string& term : terms)
                lists.back().push_back(shard_.get_metadata(places_key(term, stretch.id)));
        }
        matches_ = phrase_in(lists);
        for (Xapian::docid& match : matches_)
            match += stretch.first;
    }

    void go_to_match(Xapian::docid document) override
    {
        for (here_ = document; here_ < end_; here_ = end_of_stretch()) {
            go_to_stretch_of(here_);
            const auto match = std::ranges::lower_bound(matches_, here_);
            if (match != matches_.end()) {
                here_ = *match;
                return;
            }
        }
    }

    PhrasePlaces places_;
    Xapian::Database shard_;
    std::vector<Stretch> stretches_;
    std::size_t next_ = 0;                ///< the stretch behind the one that matches_ are of
    std::vector<Xapian::docid> matches_;  ///< of a stretch
    Xapian::docid end_ = 0;
};

}  // namespace

Xapian::Query among_query(std::shared_ptr<const IdSet> ids)
{
    return Xapian::Query((new AmongSource(std::move(ids)))->release());
}

Xapian::Query prefix_query(const std::string& prefix, const std::string& marks)
{
    return Xapian::Query((new PrefixSource(prefix, marks))->release());
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
