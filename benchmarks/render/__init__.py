"""Writing every document of a report, warm, and reading the finished files back."""
