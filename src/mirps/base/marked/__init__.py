"""YAML that knows its lines: files of rules that people write are read with every fault at once."""
