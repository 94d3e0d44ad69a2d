"""Bad handed-over files, every one made when it is needed: what is wrong with them, and the words that must be said."""
