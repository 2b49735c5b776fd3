# The first bytes of a file, which tell what it is.
head -c "$kc_length" "$kc_from" || exit 21
