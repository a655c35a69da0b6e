"""Accounts of the desk, named after posts."""

from web.accounts.changing import BY_COMMAND, CODE_IS_GOOD, Accounts, add_user, id_of
from web.accounts.codes import plain_code, sso_hash
from web.accounts.described import Description, unlike_other_agencies
from web.accounts.proving import check_code, check_password
from web.accounts.refusals import LONGEST_POST, REFUSALS, AccountError

__all__ = [
    "BY_COMMAND",
    "CODE_IS_GOOD",
    "LONGEST_POST",
    "REFUSALS",
    "AccountError",
    "Accounts",
    "Description",
    "add_user",
    "check_code",
    "check_password",
    "id_of",
    "plain_code",
    "sso_hash",
    "unlike_other_agencies",
]
