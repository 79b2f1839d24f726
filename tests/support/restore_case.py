"""What the end-to-end tests of mail into accounts share: a second account, and what both serve."""

import collections

from e2e_case import E2eCase


class RestoreCase(E2eCase):
    """A target account beside the one that is backed up."""

    def setUp(self):
        super().setUp()
        self.target = self.new_user("successor")
        self.add_account(self.target)

    def restore(self, *arguments, check=0, source=None, target=None):
        return self.tool.json("restore", source or self.user, "--to", target or self.target,
                              *arguments, check=check)

    def instants(self, address=None, server=None):
        """{folder: Counter of (content, flags, instant)} of what an account serves: the zone of an
        INTERNALDATE is the server's business."""
        return {folder: collections.Counter((seen.sha256, seen.flags, seen.epoch)
                                            for seen in messages.elements())
                for folder, messages in self.served(address, server).items()}

    def assert_restored(self, wanted, renamed=None, target=None, server=None):
        named = {(renamed or {}).get(name, name): messages for name, messages in wanted.items()}
        self.assertEqual(self.instants(target or self.target, server), named)
