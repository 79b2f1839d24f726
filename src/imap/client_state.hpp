#pragma once
// What is behind a Client, for the two that may touch it.

#include <string>

#include "mailhold/imap/client.hpp"

#include "session.hpp"

namespace mailhold::imap {

struct Client::State {
    State(std::unique_ptr<net::Connection> connection, ClientOptions options)
        : session(std::move(connection), std::move(options))
    {
    }

    void enable();
    void compress();
    void require_folder() const;

    Session session;
    bool folder_is_open = false;
    std::string examined;  ///< the folder that is open for reading only; empty: none is
    bool qresync = false;
};

}  // namespace mailhold::imap
