# Parts that nobody takes over.
rm -f "$kc_parts"
