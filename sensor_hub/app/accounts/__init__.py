"""Who may sign in, and who has: accounts, sessions of browsers, tokens of programs, and how often one may fail."""

from sensor_hub.app.accounts.accounts import HubAccounts

__all__ = ["HubAccounts"]
