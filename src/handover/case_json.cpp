// Cases to JSON and back.

#include "case_json.hpp"

#include "mailhold/base/error.hpp"

namespace mailhold::handover {
namespace {

Json strings(const std::vector<std::string>& texts)
{
    Json array = Json::array();
    for (const std::string& text : texts)
        array.push_back(text);
    return array;
}

std::vector<std::string> strings_of(const Json& array)
{
    std::vector<std::string> texts;
    for (const Json& text : array.as_array())
        texts.push_back(text.as_string());
    return texts;
}

void set_time(Json& object, std::string key, const std::optional<Time>& time)
{
    if (time)
        object.set(std::move(key), format_utc(*time));
}

Json run_json(const CaseRun& run)
{
    return Json::object({{"time", format_utc(run.time)},
                         {"planned", run.planned},
                         {"uploaded", run.uploaded},
                         {"already_there", run.already_there},
                         {"verified", run.verified},
                         {"failed", run.failed},
                         {"missing", run.missing},
                         {"bytes", run.bytes}});
}

CaseRun run_of(const Json& json)
{
    return {.time = time_at(json, "time"),
            .planned = json.at("planned").as_unsigned(),
            .uploaded = json.at("uploaded").as_unsigned(),
            .already_there = json.at("already_there").as_unsigned(),
            .verified = json.at("verified").as_unsigned(),
            .failed = json.at("failed").as_unsigned(),
            .missing = json.at("missing").as_unsigned(),
            .bytes = json.at("bytes").as_unsigned()};
}

Json order_json(const Order& order)
{
    Json successors = Json::array();
    for (const Successor& successor : order.successors)
        successors.push_back(Json::object(
            {{"address", successor.address}, {"domains", strings(successor.domains)}}));
    Json json = Json::object({{"leaver", order.leaver},
                              {"successors", std::move(successors)},
                              {"folders", strings(order.folders)},
                              {"exclude", order.exclude}});
    set_time(json, "since", order.since);
    set_time(json, "as_of", order.as_of);
    if (order.prefix)
        json.set("prefix", *order.prefix);
    return json;
}

Order order_of(const Json& json)
{
    Order order{.leaver = json.at("leaver").as_string(),
                .folders = strings_of(json.at("folders")),
                .since = optional_time_at(json, "since"),
                .exclude = json.at("exclude").as_string(),
                .as_of = optional_time_at(json, "as_of")};
    for (const Json& successor : json.at("successors").as_array())
        order.successors.push_back(
            {successor.at("address").as_string(), strings_of(successor.at("domains"))});
    if (const Json* prefix = json.find("prefix"))
        order.prefix = prefix->as_string();
    return order;
}

}  // namespace

Time time_at(const Json& object, std::string_view key)
{
    const auto time = parse_utc(object.at(key).as_string());
    if (!time)
        throw Error(ErrorKind::malformed, "a case has a time that is none");
    return *time;
}

std::optional<Time> optional_time_at(const Json& object, std::string_view key)
{
    return object.find(key) ? std::optional(time_at(object, key)) : std::nullopt;
}

Json sealed_json(const Case& handover_case)
{
    Json runs = Json::array();
    for (const CaseRun& run : handover_case.runs)
        runs.push_back(run_json(run));
    Json json = Json::object({{"case", handover_case.id},
                              {"leaver", handover_case.leaver.hex()},
                              {"order", order_json(handover_case.order)},
                              {"name", handover_case.leaver_name},
                              {"prefix", handover_case.prefix},
                              {"opened", format_utc(handover_case.opened)},
                              {"begins", format_utc(handover_case.begins)},
                              {"runs", std::move(runs)}});
    set_time(json, "purge", handover_case.purge);
    set_time(json, "closed", handover_case.closed);
    return json;
}

Case case_from_sealed_json(const Json& json)
{
    const auto leaver = crypto::AccountId::from_hex(json.at("leaver").as_string());
    if (!leaver)
        throw Error(ErrorKind::malformed, "a case names no account");
    Case handover_case{.id = json.at("case").as_string(),
                       .leaver = *leaver,
                       .order = order_of(json.at("order")),
                       .leaver_name = json.at("name").as_string(),
                       .prefix = json.at("prefix").as_string(),
                       .opened = time_at(json, "opened"),
                       .begins = time_at(json, "begins"),
                       .purge = optional_time_at(json, "purge"),
                       .closed = optional_time_at(json, "closed")};
    for (const Json& run : json.at("runs").as_array())
        handover_case.runs.push_back(run_of(run));
    return handover_case;
}

}  // namespace mailhold::handover
