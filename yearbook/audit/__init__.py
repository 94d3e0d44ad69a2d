"""The pages an auditor opens: what a run read, judged and counted."""
