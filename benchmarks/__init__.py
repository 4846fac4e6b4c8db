"""Measurements that docs quote: each module prints its table, with machine and models named. Nothing here is a test."""
