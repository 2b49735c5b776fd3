# What a neighbour put into the folder (kc_from) goes into the spool (kc_to), out of its reach, and is verified there.
umask 077
kc_t=$kc_to.$$
trap 'rm -f "$kc_t" "$kc_from"' EXIT
trap 'exit 1' HUP INT TERM PIPE
[ -f "$kc_from" ] && [ ! -L "$kc_from" ] || fail 23 'nothing came'
cat "$kc_from" > "$kc_t" || exit 21
kc_got=$(kc_hash_of "$kc_t")
[ "$kc_got" = "$kc_sha" ] || fail 23 "sha256:$kc_got"
mv -f "$kc_t" "$kc_to" || exit 21
