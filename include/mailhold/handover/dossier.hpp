#pragma once
// The dossier of a handover: facts from the index about a leaver's mail, for the people who take it
// over. Nothing in it is guessed; how each list is made stands in docs/handover.md.

#include <cstdint>
#include <string>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/handover/successor.hpp"
#include "mailhold/index/index.hpp"
#include "mailhold/search/customers.hpp"

namespace mailhold::handover {

/// Whose dossier it is, and when it was made.
struct DossierSubject {
    std::string leaver = {};       ///< address, lower case
    std::string leaver_name = {};  ///< may be empty
    std::vector<Successor> successors = {};
    std::string case_id = {};
    Time made{};
    std::vector<std::string> notes = {};  ///< what a reader has to know, a sentence each
};

/// Messages each way.
struct Exchanged {
    std::uint64_t from_them = 0;
    std::uint64_t to_them = 0;
};

struct DossierCustomer {
    search::Customer known = {};
    Exchanged last_year = {};
    std::string last_author = {};              ///< name, else address, of who wrote last
    bool last_is_ours = false;                 ///< one of us did
    std::vector<std::string> successors = {};  ///< who takes it over
};

/// A conversation that ends with a letter from outside.
struct WaitingThread {
    crypto::ContentId id = {};  ///< of that letter
    std::string from_address = {};
    std::string from_name = {};
    std::string subject = {};
    std::int64_t since = 0;      ///< its date, seconds since 1970
    std::uint64_t messages = 0;  ///< of the conversation, in the leaver's mail
    bool is_customer = false;    ///< somebody of us has written to them before or since
    std::vector<std::string> successors = {};
};

enum class OfferKind : std::uint8_t { quotation, price_list, proforma_invoice };

/// A letter of the leaver with a quotation, price list or proforma invoice.
struct SentOffer {
    crypto::ContentId id = {};
    OfferKind kind{};
    std::int64_t date = 0;
    std::vector<std::string> to = {};  ///< addresses outside
    std::string subject = {};
    std::vector<std::string> files = {};
};

/// "Of the last twelve months" counts from the latest message.
struct Dossier {
    DossierSubject about = {};
    std::uint64_t messages = 0;
    std::int64_t first = 0;  ///< dates of the earliest and latest message
    std::int64_t last = 0;
    std::vector<DossierCustomer> customers = {};  ///< those to whom we have written, by importance
    std::uint64_t unanswered_senders = 0;         ///< customers to whom nobody has ever written
    std::vector<WaitingThread> waiting = {};      ///< customers first, then the latest first
    std::uint64_t waiting_longer = 0;             ///< letters over a year old that nobody answered
    bool threads_are_whole = true;                ///< false: too many to follow them all
    std::vector<SentOffer> offers = {};           ///< of the last twelve months, the latest first
};

/// `cards` are the messages handed over, each once, without those that are nobody's business;
/// `index` is asked whether somebody else of the company has answered them.
Dossier dossier_of(DossierSubject about, std::vector<index::Hit> cards,
                   const search::Company& company, const index::Index& index);

/// An address that no person answers from, such as noreply@ and mailer-daemon@.
bool is_automatic(std::string_view address);

/// What a subject or file name says that it is, in English, Chinese, German, French, Spanish or
/// Portuguese; nullopt when it is none of these.
std::optional<OfferKind> offer_in(std::string_view text);

}  // namespace mailhold::handover
