#pragma once
// What is behind a Client, for the two that may touch it.

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
    bool qresync = false;
};

}  // namespace mailhold::imap
