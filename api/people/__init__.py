"""People, and every other record: finding one, and the page of each."""
