"""Every table there is, by importing every module that has one."""

import importlib
import pkgutil

from sqlalchemy import MetaData

from visits.store.base import Base

_STORES = ("visits.store", "provider_choice.store")
_OF_API = ("api.auth.sessions",)
"""The modules of `api` that own a table of their own."""


def all_tables() -> MetaData:
    """The tables as the code knows them (not procrastinate's, which its own schema makes)."""
    for package in _STORES:
        if importlib.util.find_spec(package.partition(".")[0]) is None:
            continue
        found = importlib.import_module(package)
        for module in pkgutil.iter_modules(found.__path__):
            importlib.import_module(f"{package}.{module.name}")
    for module_name in _OF_API:
        importlib.import_module(module_name)
    return Base.metadata
