"""Settings from the environment, and the shop that they describe: the one place that knows every adapter."""

from shopcore_settings.compose import open_shop
from shopcore_settings.settings import ConfigurationError, Settings, load

__all__ = ["Settings", "load", "open_shop", "ConfigurationError"]
