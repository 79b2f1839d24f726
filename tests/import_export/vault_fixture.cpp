// The vault behind the export tests.

#include "vault_fixture.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/crypto/secret.hpp"
#include "mailhold/ledger/setup.hpp"
#include "mailhold/vault/owner.hpp"

namespace mailhold::test {

const crypto::AccountId VaultFixture::anna{{std::byte{0xa1}}};

VaultFixture::VaultFixture()
{
    ::setenv("MAILHOLD_TEST_FAST_KDF", "1", 1);
    ::setenv("MAILHOLD_TEST_NOW", "2026-03-01T12:00:00Z", 1);
    crypto::initialise();
    const Bytes passphrase = bytes_of("correct horse battery staple");
    const ledger::Paths paths{vault_path(), dir_.path() / "state"};
    ledger::create_vault(paths, passphrase, "test");
    ledger_ = std::make_unique<ledger::Ledger>(paths, ledger::Ledger::Mode::write);
    keys_ = vault::unlock_with_passphrase(ledger_->store(), ledger_->root_log(), passphrase);
}

void VaultFixture::run(int day, const std::function<void(ledger::Intake&)>& work)
{
    ::setenv("MAILHOLD_TEST_NOW", fmt::format("2026-03-{:02}T12:00:00Z", day).c_str(), 1);
    ledger::Intake intake(*ledger_, fmt::format("run{}", day), {});
    work(intake);
    intake.finish({.ok = true, .accounts = {}});
}

void VaultFixture::describe(ledger::Intake& intake) const
{
    intake.event(anna, vault::AccountDescribed{.id = anna,
                                               .address = "anna@example.com",
                                               .role = "flagship",
                                               .server = "localhost:993"});
    const std::pair<FolderId, const char*> folders[] = {
        {inbox, "INBOX"}, {sent, "INBOX.已发送/x"}, {empty, "INBOX.Empty"}};
    for (const auto& [fid, name] : folders)
        intake.event(anna, vault::FolderDescribed{.fid = fid,
                                                  .account = anna,
                                                  .name = name,
                                                  .wire_name = name,
                                                  .uid_validity = UidValidity{1},
                                                  .separator = '.',
                                                  .use = ""});
}

void VaultFixture::message(ledger::Intake& intake, FolderId folder, std::uint32_t uid,
                           const std::string& raw, Flags flags) const
{
    vault::Placed placed;
    placed.fid = folder;
    placed.uid = Uid{uid};
    placed.date = InternalDate{1'000'000 + uid, 60};
    placed.flags = std::move(flags);
    intake.message({.account = anna, .placed = std::move(placed), .raw = copy_of(bytes_of(raw))});
}

std::string with_attachment(const std::string& subject, int seed)
{
    ByteBuffer file(60'000);
    std::uint64_t state = static_cast<std::uint64_t>(seed) * 2'654'435'761U + 1;
    for (std::byte& byte : file) {
        state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        byte = static_cast<std::byte>(state >> 56);
    }
    const std::string chars = to_base64(file);
    std::string body;
    for (std::size_t at = 0; at < chars.size(); at += 76)
        body += chars.substr(at, 76) + "\r\n";
    return fmt::format("Subject: {}\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: "
                       "base64\r\n\r\n{}",
                       subject, body);
}

void Remembered::add(const deliver::Outgoing& message)
{
    raw.emplace_back(text_of(message.raw));
    const std::string place =
        message.account.empty() ? message.folder : message.account + " " + message.folder;
    lines_.push_back(
        fmt::format("{} {} [{}]", place, message.subject, fmt::join(message.flags, " ")));
}

void Remembered::add_folder(const std::string& folder, char /*separator*/)
{
    folders.push_back(folder);
}

deliver::Delivered Remembered::finish()
{
    is_finished = true;
    return {};
}

std::vector<std::string> Remembered::lines() const
{
    std::vector<std::string> sorted = lines_;
    std::ranges::sort(sorted);
    return sorted;
}

}  // namespace mailhold::test
