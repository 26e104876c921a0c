"""Shoppers' events as REES46 publishes them, read, planned and put through a shop."""
