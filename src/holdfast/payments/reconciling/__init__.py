"""The ledger beside what the card company has: compared, repaired where it is safe, the rest left to people.

`company` reads theirs, `belief` ours, `running` compares, `mending` repairs, `sweeping` settles what was left behind,
`resolving` does what staff decide. The rules are domain/reconciling.py.
"""
