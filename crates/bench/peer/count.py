"""How many distinct records a table of the peer's holds: what was read twice counts once.

Usage: count.py TABLE
"""

import sys

from deltalake import DeltaTable

print(len(DeltaTable(sys.argv[1]).to_pyarrow_table(columns=["id"]).column("id").unique()))
