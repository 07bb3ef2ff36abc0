"""AWS's rules of DynamoDB's control plane as an executable model: what AWS refuses, and what a call makes of a table.

The referee judges recorded calls by it, and the gate calls as they come.
"""
