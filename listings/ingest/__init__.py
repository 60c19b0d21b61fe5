"""Reading catalogue feeds: bytes → lines → rows → listings or rejects. Pure, streaming, with caps on everything."""
