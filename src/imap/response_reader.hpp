#pragma once
// Cuts the stream of bytes from a server into responses: text lines with their literals beside
// them.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/imap/types.hpp"

namespace mailhold::imap {

/// One response. The literals are kept apart so that a message body is never copied.
struct RawResponse {
    struct Literal {
        std::size_t at = 0;  ///< offset in `text` just behind the announcing "}"
        ByteBuffer bytes;
    };
    std::string text;  ///< without the final CRLF and the CRLFs in front of literals
    std::vector<Literal> literals;
};

/// Size that the end of `line` announces, as in "{42}", "{42+}" or "~{42}"; nullopt if none.
/// Throws malformed when it is over `limit` or negative.
std::optional<std::uint64_t> announced_literal_bytes(std::string_view line, std::uint64_t limit);

/// Takes bytes in pieces of any size, down to one; the outcome is the same. Lines may end in a bare
/// LF. Throws malformed when a limit is broken; the reader is then spent.
///
/// Memory: a literal gets address space of its announced size at once but touches it only as bytes
/// arrive, so it is never moved or held twice, and a server that announces much and sends little
/// costs little.
class ResponseReader {
public:
    explicit ResponseReader(const Limits& limits) : limits_(limits) {}

    /// Takes bytes up to the end of one response at most; returns how many.
    std::size_t feed(Bytes input);
    bool complete() const noexcept { return state_ == State::complete; }
    /// The complete response; the reader is ready for the next one.
    RawResponse take();

    /// Text of the response being read, for the message it is about; stays after an exception.
    std::string_view partial_text() const noexcept { return response_.text; }

    /// Bytes that still belong to the literal being read; 0 outside of literals.
    std::uint64_t literal_left() const noexcept;
    /// Where the next bytes of the literal may be received directly; then tell how many came.
    std::span<std::byte> literal_room();
    void literal_filled(std::size_t count);

private:
    enum class State { line, literal, complete };

    void end_of_line();
    void begin_literal(std::uint64_t size);
    void end_literal_if_full();
    bool is_status_response() const;

    Limits limits_;
    State state_ = State::line;
    RawResponse response_;
    std::size_t line_start_ = 0;      ///< where the text since the last literal begins
    std::uint64_t literal_size_ = 0;  ///< announced
    std::size_t literal_filled_ = 0;
    std::uint64_t literals_total_ = 0;
};

}  // namespace mailhold::imap
