"""Extracts: lists of people taken out of the node, asked by one person and approved by another."""
